import { type Context, context, createContextKey, SpanKind, trace } from "@opentelemetry/api";
import { isMeasured } from "./active_meter.ts";
import { methodName } from "./http_attributes.ts";
import { clientStartAttributes, serverOf } from "./http_client_attributes.ts";
import {
  type FetchArguments,
  type OutgoingCall,
  plainArguments,
  readCall,
} from "./http_client_call.ts";
import { type IgnoredRequests, ignoreRule } from "./http_client_ignore.ts";
import { injectTrace } from "./http_client_propagation.ts";
import { getOTelMetrics } from "./otel_metrics.ts";
import { activeRedaction, Redaction, type RedactionOptions } from "./redaction.ts";
import { guarded, RequestSpan } from "./request_span.ts";
import { getTracer } from "./scope.ts";

/** The span event that marks where a request was given up by whoever made it. */
export const REQUEST_ABORTED_EVENT = "http.request.aborted";

/** A function like `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** How requests that are made are traced. */
export interface TracedFetchOptions {
  /** Requests that are sent as if there were no telemetry; none unless told. */
  readonly ignore?: IgnoredRequests;
  /** What may be told of them; what the application says of its own requests, unless told. */
  readonly redact?: RedactionOptions;
}

/** The rules by which calls are traced; asked for each time, since they may change. */
export interface FetchRules {
  /** Whether a request is none of telemetry's business. */
  ignores(url: URL): boolean;
  /** What may be told of a request that is made in this context. */
  redaction(ctx: Context): Redaction;
}

const UNTRACED = Symbol.for("@echelon/untraced-fetch");

/** What a traced `fetch` calls, or `undefined` where a function is no traced `fetch`. */
export function untracedFetch(fetch: Fetch): Fetch | undefined {
  return (fetch as { [UNTRACED]?: Fetch })[UNTRACED];
}

/**
 * A `fetch` whose requests are CLIENT spans, carry the trace on, and are measured. To its caller it
 * is the one it was made from: the same `Response`, the same rejection, nothing read or kept of a
 * body. The span ends when the response's headers have come, or when it is known that they will not;
 * redirects that are followed are part of it. It is failed by a status of 400 and above, and by
 * whatever is thrown but for the caller's own `abort()`. While no SDK is registered, a call costs one
 * check.
 *
 * A trace header that the caller set stays, unless it is of the same trace, such as that of a
 * request that is passed on: then the span of this request takes its place.
 *
 * @param fetch What sends the requests.
 * @param options What is left alone, and what may be told of the rest.
 * @throws {TypeError} When an option is of the wrong kind.
 *
 * @example
 * ```ts
 * import { createTracedFetch } from "@echelon/framework/telemetry";
 *
 * const shopFetch = createTracedFetch(fetch, {
 *   ignore: ["https://shop.example/health"],
 *   redact: { allowResponseHeaders: ["x-ratelimit-remaining"] },
 * });
 * console.log(shopFetch.name);
 * ```
 */
export function createTracedFetch(fetch: Fetch, options: TracedFetchOptions = {}): Fetch {
  const own = options.redact === undefined ? undefined : new Redaction(options.redact);
  return traced(fetch, {
    ignores: ignoreRule(options.ignore),
    redaction: (ctx) => own ?? activeRedaction(ctx),
  });
}

/** A `fetch` that is traced by rules. One that is traced already is not traced twice. */
export function traced(fetch: Fetch, rules: FetchRules): Fetch {
  const send = untracedFetch(fetch) ?? fetch;
  const tracedFetch = (...args: FetchArguments): Promise<Response> => {
    if (!isMeasured() || isSuppressed(context.active())) return send(...args);
    let plain: FetchArguments;
    try {
      plain = plainArguments(args);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = readCall(plain);
    // A request that is given up before it is made is never sent.
    if (call === undefined || call.signal?.aborted || rules.ignores(call.url)) {
      return send(...plain);
    }
    const observed = guarded("start the span", () => new CallObservation(call, rules));
    return observed === undefined ? send(...plain) : observed.follow(send);
  };
  return Object.defineProperties(tracedFetch, {
    name: { value: fetch.name, configurable: true },
    length: { value: fetch.length, configurable: true },
    [UNTRACED]: { value: send },
  });
}

// The key by which the SDKs of OpenTelemetry mark what is their own work, such as an export; a key
// is known by its name. It is the one that must not be traced: it would make spans without end.
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

function isSuppressed(ctx: Context): boolean {
  return ctx.getValue(SUPPRESS_TRACING) === true;
}

class CallObservation {
  readonly #call: OutgoingCall;
  readonly #context: Context;
  readonly #span: RequestSpan;
  readonly #started = performance.now();

  constructor(call: OutgoingCall, rules: FetchRules) {
    this.#call = call;
    const parent = context.active();
    const redaction = rules.redaction(parent);
    const span = getTracer().startSpan(methodName(call.method), {
      kind: SpanKind.CLIENT,
      attributes: clientStartAttributes(call, redaction),
    }, parent);
    this.#span = new RequestSpan(span, redaction);
    this.#context = trace.setSpan(parent, span);
    guarded("pass on the trace", () => injectTrace(call.headers, this.#context));
  }

  follow(send: Fetch): Promise<Response> {
    let sent: Promise<Response>;
    try {
      sent = context.with(this.#context, () => send(...this.#call.send));
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    return Promise.resolve(sent).then(
      (response) => {
        guarded("tell the answer", () => this.#answered(response));
        return response;
      },
      (error) => {
        this.#failed(error);
        throw error;
      },
    );
  }

  #answered(response: Response): void {
    const { status } = response;
    this.#span.tellHeaders(response);
    this.#end(status, status >= 400 ? String(status) : undefined);
  }

  #failed(error: unknown): void {
    if (!isOwnAbort(error, this.#call.signal)) {
      return this.#end(undefined, this.#span.recordFailure(error));
    }
    this.#span.addEvent(REQUEST_ABORTED_EVENT);
    this.#end(undefined, undefined);
  }

  #end(status: number | undefined, errorType: string | undefined): void {
    const seconds = (performance.now() - this.#started) / 1000;
    this.#span.end(status, errorType);
    const { method, url } = this.#call;
    // In the request's context, so that a sampled trace can become an exemplar.
    guarded(
      "record the metrics",
      () =>
        context.with(this.#context, () =>
          getOTelMetrics().recordHttpClientRequest({
            method,
            ...serverOf(url),
            status,
            errorType,
            seconds,
          })),
    );
  }
}

/** Whether a caller has given up its own request; a deadline that has passed is a failure. */
function isOwnAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && Object.is(error, signal.reason) &&
    !(error instanceof Error && error.name === "TimeoutError");
}
