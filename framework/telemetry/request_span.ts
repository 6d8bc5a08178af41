import {
  type Attributes,
  type AttributeValue,
  diag,
  type Span,
  SpanStatusCode,
} from "@opentelemetry/api";
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from "./attributes.ts";
import { errorType, markFailed } from "./otel.ts";
import type { Redaction } from "./redaction.ts";

/** Telemetry that breaks must not take the request with it. */
export function guarded<T>(what: string, fn: () => T): T | undefined {
  try {
    return fn();
  } catch (error) {
    diag.error(`Could not ${what} of a request`, error);
    return undefined;
  }
}

/** The span of a request, which is told only what its redaction lets through. */
export class RequestSpan {
  readonly #span: Span;
  readonly #redaction: Redaction;
  #exceptionRecorded = false;

  /**
   * @param span The span.
   * @param redaction What may be told in it.
   */
  constructor(span: Span, redaction: Redaction) {
    this.#span = span;
    this.#redaction = redaction;
  }

  /** Marks a moment. */
  addEvent(name: string): void {
    guarded("mark a moment", () => this.#span.addEvent(name));
  }

  /** Tells those of a response's headers that may be told. */
  tellHeaders({ headers }: Response): void {
    if (!this.#redaction.tellsResponseHeaders) return;
    guarded("tell the headers", () => {
      const attributes: Attributes = {};
      this.#redaction.addResponseHeaders(attributes, headers);
      this.#span.setAttributes(this.#redaction.attributes(attributes));
    });
  }

  /** Records what was thrown; the span is failed. @returns Its `error.type`. */
  recordFailure(error: unknown): string {
    this.#exceptionRecorded = true;
    guarded("record the exception", () => markFailed(this.#span, error, this.#redaction));
    return errorType(error);
  }

  /**
   * Ends the span.
   *
   * @param status The response's, where there was one.
   * @param error Its `error.type`, where the request failed.
   */
  end(status: number | undefined, error: string | undefined): void {
    guarded("end the span", () => {
      if (status !== undefined) this.#tell(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
      if (error !== undefined) {
        this.#tell(ATTR_ERROR_TYPE, error);
        // The exception already set the status, with its message.
        if (!this.#exceptionRecorded) this.#span.setStatus({ code: SpanStatusCode.ERROR });
      }
      this.#span.end();
    });
  }

  #tell(key: string, value: AttributeValue): void {
    const allowed = this.#redaction.value(key, value);
    if (allowed !== undefined) this.#span.setAttribute(key, allowed);
  }
}
