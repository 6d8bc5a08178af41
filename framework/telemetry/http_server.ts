import { type Context, context, SpanKind, trace } from "@opentelemetry/api";
import { type ServerRequest, serverSpanName, serverStartAttributes } from "./http_attributes.ts";
import { extractFromHeaders } from "./otel_context.ts";
import { getOTelMetrics, type OTelMetrics } from "./otel_metrics.ts";
import { USUAL_REDACTION, withRedaction } from "./redaction.ts";
import { guarded, RequestSpan } from "./request_span.ts";
import { type BodyEnd, bodyKind, followBody } from "./response_body.ts";
import { getTracer } from "./scope.ts";

/** `error.type` of a request whose client went away before it had the whole answer. */
export const CLIENT_DISCONNECTED = "client_disconnected";

/** The span event that marks when a streamed response's headers were ready. */
export const RESPONSE_HEADERS_EVENT = "http.response.headers";

/** How a request is served, as its observer needs to know it. */
export interface ServedRequest {
  /** Serves the request; may throw. */
  serve(): Response | Promise<Response>;
  /** Turns what `serve` threw into a response; must not throw. */
  recover(error: unknown): Response | Promise<Response>;
  /** Settles when the response has been sent, where the server can tell. */
  readonly completed?: Promise<void> | undefined;
  /** Is told, in the request's context, of a streamed body that failed after its headers were sent. */
  readonly bodyFailed?: (error: unknown) => void;
}

/**
 * Serves one request inside its SERVER span and measures it. The span has every attribute that is
 * known before the work starts, carries on the caller's trace, is active while `serve` runs, and
 * ends when the body does: at once where it is whole, at its last chunk where it is streamed.
 *
 * Status Error for 5xx, a throw, and a client that went away; 4xx is the client's and stays unset.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
 */
export function traceRequest(
  incoming: ServerRequest,
  served: ServedRequest,
): Response | Promise<Response> {
  const observed = RequestObservation.start(incoming);
  if (observed === undefined) return serveUnobserved(served);
  return context.with(observed.context, () => observed.follow(served));
}

async function serveUnobserved(served: ServedRequest): Promise<Response> {
  try {
    return await served.serve();
  } catch (error) {
    return served.recover(error);
  }
}

class RequestObservation {
  readonly context: Context;
  readonly #incoming: ServerRequest;
  readonly #span: RequestSpan;
  readonly #metrics: OTelMetrics;
  readonly #started = performance.now();
  // Asked for at the start: a signal that is first looked at later has not heard of an abort before.
  readonly #signal: AbortSignal;
  #ended = false;

  private constructor(incoming: ServerRequest) {
    this.#incoming = incoming;
    this.#signal = incoming.request.signal;
    this.#metrics = getOTelMetrics();
    const { request, redaction = USUAL_REDACTION } = incoming;
    const parent = extractFromHeaders(request.headers);
    const name = serverSpanName(request.method, incoming.route);
    const attributes = serverStartAttributes(incoming, redaction);
    const span = getTracer().startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    this.#span = new RequestSpan(span, redaction);
    const active = trace.setSpan(parent, span);
    this.context = incoming.redaction === undefined ? active : withRedaction(active, redaction);
    this.#metrics.incrementActiveRequests(request.method, incoming.scheme);
  }

  static start(incoming: ServerRequest): RequestObservation | undefined {
    return guarded("start the span", () => new RequestObservation(incoming));
  }

  follow(served: ServedRequest): Response | Promise<Response> {
    let response: Response | Promise<Response>;
    try {
      response = served.serve();
    } catch (error) {
      return this.#recover(served, error);
    }
    if (response instanceof Response) return this.#answered(response, served);
    return response.then(
      (response) => this.#answered(response, served),
      (error) => this.#recover(served, error),
    );
  }

  /** A body that somebody reads already cannot be sent: that is the request's failure. */
  #answered(response: Response, served: ServedRequest): Response | Promise<Response> {
    try {
      return this.#answer(response, served, undefined);
    } catch (error) {
      return this.#recover(served, error);
    }
  }

  async #recover(served: ServedRequest, error: unknown): Promise<Response> {
    const response = await served.recover(error);
    const failure = response.status >= 500 ? this.#span.recordFailure(error) : undefined;
    return this.#answer(response, served, failure);
  }

  #answer(
    response: Response,
    served: ServedRequest,
    failure: string | undefined,
  ): Response {
    const { status } = response;
    if (this.#signal.aborted) {
      this.#end(undefined, CLIENT_DISCONNECTED);
      return response;
    }
    this.#span.tellHeaders(response);
    const error = failure ?? (status >= 500 ? String(status) : undefined);
    const kind = bodyKind(response);
    if (kind === "streamed") {
      this.#span.addEvent(RESPONSE_HEADERS_EVENT);
      return followBody(
        response,
        this.context,
        (end) => this.#endStreamed(status, error, { end, served }),
      );
    }
    if (kind === "unsure" && served.completed !== undefined) {
      const end = () => this.#end(status, error);
      served.completed.then(end, () => this.#end(status, CLIENT_DISCONNECTED));
      return response;
    }
    this.#end(status, error);
    return response;
  }

  #endStreamed(
    status: number,
    error: string | undefined,
    { end, served }: { end: BodyEnd; served: ServedRequest },
  ): void {
    if (end.kind === "complete") return this.#end(status, error);
    if (end.kind === "cancelled") return this.#end(status, CLIENT_DISCONNECTED);
    guarded(
      "tell of the failed body",
      () => context.with(this.context, () => served.bodyFailed?.(end.error)),
    );
    this.#end(status, this.#span.recordFailure(end.error));
  }

  #end(status: number | undefined, error: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    const { request, route, scheme } = this.#incoming;
    const seconds = (performance.now() - this.#started) / 1000;
    this.#span.end(status, error);
    // In the request's context, so that a sampled trace can become an exemplar.
    guarded("record the metrics", () =>
      context.with(this.context, () => {
        this.#metrics.decrementActiveRequests(request.method, scheme);
        const { method } = request;
        this.#metrics.recordHttpRequest({
          method,
          scheme,
          route,
          status,
          errorType: error,
          seconds,
        });
      }));
  }
}
