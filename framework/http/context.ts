import { HttpError } from "../errors.ts";
import type { Route } from "../router/router.ts";
import { RequestBody } from "./body.ts";
import { Cookies } from "./cookies.ts";
import { type RequestOrigin, requestOrigin } from "./origin.ts";
import {
  emptyResponse,
  htmlResponse,
  jsonResponse,
  streamResponse,
  type StreamSource,
  textResponse,
} from "./response.ts";
import { eventStreamResponse, type ServerSentEvent } from "./server_sent_events.ts";
import type { RequestTarget } from "./target.ts";
import type { DefaultState, RequestInfo } from "./types.ts";

/** The settings of an application that its contexts need. */
export interface ContextSettings {
  /** The most bytes of a request body. */
  readonly bodyLimit: number;
  /** Whether `X-Forwarded-*` headers are believed. */
  readonly trustProxy: boolean;
}

/** What a context is made of. */
export interface ContextInit<Params, State> {
  readonly request: Request;
  readonly target: RequestTarget;
  readonly info: RequestInfo;
  readonly route: Route<unknown> | undefined;
  readonly params: Params;
  readonly state: State;
  readonly settings: ContextSettings;
  readonly requestId: string | undefined;
}

/** The redirects of RFC 9110, section 15.4. */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/**
 * What a handler and its middleware see of one request, and what they answer with. Whatever costs
 * something (the URL, the query, cookies, the body) is made when it is first asked for.
 */
export class Context<
  Params = Record<string, string>,
  State extends object = DefaultState,
> {
  /** The request itself. */
  readonly request: Request;
  /** What the path's parameters matched, percent-decoded. */
  readonly params: Params;
  /** The route that matched; none for a 404 or 405. */
  readonly route: Route<unknown> | undefined;
  /** What middleware leaves for those after it. */
  readonly state: State;
  /** What the server knows of the connection. */
  readonly info: RequestInfo;
  /** The request's id among the debugger's events; none while nobody listens. */
  readonly requestId: string | undefined;
  readonly #target: RequestTarget;
  readonly #settings: ContextSettings;
  #url: URL | undefined;
  #query: URLSearchParams | undefined;
  #body: RequestBody | undefined;
  #cookies: Cookies | undefined;
  #origin: RequestOrigin | undefined;
  #responseHeaders: Headers | undefined;
  #bodyLimit: number | undefined;
  #signal: AbortSignal | undefined;

  /** @param init The request and what was found out about it. */
  constructor(init: ContextInit<Params, State>) {
    this.request = init.request;
    this.params = init.params;
    this.route = init.route;
    this.state = init.state;
    this.info = init.info;
    this.requestId = init.requestId;
    this.#target = init.target;
    this.#settings = init.settings;
  }

  /** The request's method, as it came. */
  get method(): string {
    return this.request.method;
  }

  /** The path, percent-encoded as it came. */
  get path(): string {
    return this.#target.path;
  }

  /** The whole URL. @throws {HttpError} 400 when it is not a valid one. */
  get url(): URL {
    this.#url ??= URL.parse(this.request.url) ?? undefined;
    if (this.#url === undefined) {
      throw new HttpError(400, "The request's URL is not valid");
    }
    return this.#url;
  }

  /** The parameters of the query. */
  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#target.query);
    return this.#query;
  }

  /** The request's headers. */
  get headers(): Headers {
    return this.request.headers;
  }

  /** The request's body, read within {@linkcode Context.bodyLimit}. */
  get body(): RequestBody {
    this.#body ??= new RequestBody(this.request, this.bodyLimit);
    return this.#body;
  }

  /**
   * The most bytes of this request's body: the application's limit, until a middleware sets
   * another.
   *
   * @throws {Error} When it is set after the body was asked for.
   */
  get bodyLimit(): number {
    return this.#bodyLimit ?? this.#settings.bodyLimit;
  }

  set bodyLimit(bytes: number) {
    if (this.#body !== undefined) {
      throw new Error(
        "Cannot change the body limit: the body was asked for already; set the limit before",
      );
    }
    this.#bodyLimit = bytes;
  }

  /** The request's cookies, and those to set. */
  get cookies(): Cookies {
    this.#cookies ??= new Cookies(
      this.headers.get("cookie"),
      () => this.responseHeaders,
    );
    return this.#cookies;
  }

  /** Aborts when the client goes away, or when a middleware gives the request up. */
  get signal(): AbortSignal {
    return this.#signal ?? this.request.signal;
  }

  /** Makes {@linkcode Context.signal} abort with another signal too, as a time limit does. */
  abortWith(signal: AbortSignal): void {
    this.#signal = AbortSignal.any([this.signal, signal]);
  }

  /** Where the request came from, and what host and scheme its client used. */
  get origin(): RequestOrigin {
    this.#origin ??= requestOrigin(this.#target, this.headers, {
      info: this.info,
      trustProxy: this.#settings.trustProxy,
    });
    return this.#origin;
  }

  /**
   * Headers for the response, whichever it becomes, an error's too. A header that the response has
   * of its own wins; `Set-Cookie` and `Vary` add up.
   */
  get responseHeaders(): Headers {
    this.#responseHeaders ??= new Headers();
    return this.#responseHeaders;
  }

  /** The headers asked for so far, or `undefined` where nothing asked. */
  get pendingHeaders(): Headers | undefined {
    return this.#responseHeaders;
  }

  /** Answers with JSON. @throws {TypeError} When the value has a cycle or a big integer. */
  json(value: unknown, init?: ResponseInit): Response {
    return jsonResponse(value, init);
  }

  /** Answers with plain text. */
  text(text: string, init?: ResponseInit): Response {
    return textResponse(text, init);
  }

  /** Answers with HTML; escaping is yours. */
  html(html: string, init?: ResponseInit): Response {
    return htmlResponse(html, init);
  }

  /**
   * Sends the client elsewhere.
   *
   * @param location A path or a URL. Check one that came from outside before you pass it on.
   * @param status 303 unless told: go and GET that.
   */
  redirect(location: string, status: RedirectStatus = 303): Response {
    return emptyResponse(status, { location });
  }

  /**
   * Answers with a body that comes piece by piece. The request's span stays open to its end, and
   * what runs while it is produced is part of the request's trace.
   */
  stream(source: StreamSource, init?: ResponseInit): Response {
    return streamResponse(source, init);
  }

  /** Answers with server-sent events, one for each that `events` yields. */
  sse(events: AsyncIterable<ServerSentEvent>): Response {
    return eventStreamResponse(events);
  }
}
