import type { IdGenerator } from "@opentelemetry/sdk-trace-base";

/** Ids that count from 1, so that the same program makes the same trace each time. */
export class SequentialIds implements IdGenerator {
  #traces = 0;
  #spans = 0;

  generateTraceId(): string {
    return (++this.#traces).toString(16).padStart(32, "0");
  }

  generateSpanId(): string {
    return (++this.#spans).toString(16).padStart(16, "0");
  }
}
