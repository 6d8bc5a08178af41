import type { Attributes } from "@opentelemetry/api";
import { type AnyValue, type LogAttributes, SeverityNumber } from "@opentelemetry/api-logs";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Arrivals } from "./arrivals.ts";
import type { Lookup } from "./found.ts";
import { dateOf } from "./test_span.ts";

/** A log record. */
export interface TestLog {
  /** How grave it is, by name, such as `WARN`; undefined where it does not say. */
  readonly severity: keyof typeof SeverityNumber | undefined;
  /** The severity in the words of whoever logged it. */
  readonly severityText: string | undefined;
  readonly body: AnyValue;
  readonly attributes: LogAttributes;
  readonly eventName: string | undefined;
  /** The trace that it belongs to. */
  readonly traceId: string | undefined;
  /** The span during which it was logged. */
  readonly spanId: string | undefined;
  /** When it happened. */
  readonly time: Date;
  /** The name of the logger that made it. */
  readonly logger: string;
  /** The attributes of the resource. */
  readonly resource: Attributes;
}

/** Keeps the log records. */
export class LogRecorder implements LogRecordProcessor {
  readonly #arrivals: Arrivals;
  readonly #logs: TestLog[] = [];

  /** @param arrivals Told of every record. */
  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  onEmit(record: ReadableLogRecord): void {
    this.#logs.push(readLog(record));
    this.#arrivals.notify();
  }

  /** The records, in the order in which they were logged. */
  get logs(): TestLog[] {
    return [...this.#logs];
  }

  /** How records are looked up: by a part of their body. */
  get lookup(): Lookup<TestLog> {
    return {
      items: this.#logs,
      what: "log record",
      isCalled: ({ body }, text) => bodyText(body).includes(text),
      tell: ({ body }) => bodyText(body),
    };
  }

  /** Forgets all records. */
  clear(): void {
    this.#logs.length = 0;
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function bodyText(body: AnyValue): string {
  return typeof body === "string" ? body : JSON.stringify(body) ?? "";
}

function readLog(record: ReadableLogRecord): TestLog {
  const { severityNumber, spanContext } = record;
  return {
    severity: severityNumber === undefined
      ? undefined
      // The members of a numeric enum are the keys of its reverse mapping.
      : SeverityNumber[severityNumber] as keyof typeof SeverityNumber,
    severityText: record.severityText,
    body: record.body,
    attributes: { ...record.attributes },
    eventName: record.eventName,
    traceId: spanContext?.traceId,
    spanId: spanContext?.spanId,
    time: dateOf(record.hrTime),
    logger: record.instrumentationScope.name,
    resource: { ...record.resource.attributes },
  };
}
