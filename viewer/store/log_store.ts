import type { LogStorage } from "../api/model.ts";
import type { Batch, LogRecord, ScopeRecord } from "../otlp/records.ts";
import { Fifo } from "./fifo.ts";
import type { Origins, StoredResource } from "./origins.ts";
import { textBytes } from "./size.ts";

/** A log as it is kept. See `LogRecord` for what its fields mean. */
export interface StoredLog {
  /** Its place by arrival. */
  readonly number: number;
  readonly timeMillis: number;
  /** Nanoseconds beyond the milliseconds. */
  readonly timeRest: number;
  readonly severityNumber: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly resource: StoredResource;
  readonly scope: ScopeRecord;
  readonly content: string;
  /** What it is charged for. */
  readonly bytes: number;
}

/** When a log was made, in milliseconds. */
export function timeOf(log: StoredLog): number {
  return log.timeMillis + log.timeRest / 1_000_000;
}

const LOG_BYTES = 360;

/** Keeps the newest logs within a bound. */
export class LogStore {
  readonly #origins: Origins;
  readonly #maxBytes: number;
  readonly #logs = new Fifo<StoredLog>();
  readonly #byTrace = new Map<string, Fifo<StoredLog>>();
  #bytes = 0;
  #received = 0;
  #evicted = 0;

  constructor(origins: Origins, maxBytes: number) {
    this.#origins = origins;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#logs.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(number: number): StoredLog | undefined {
    return this.#logs.at(number);
  }

  /** The logs that came before a number, the newest first. */
  backwards(before?: number): Iterable<readonly [number, StoredLog]> {
    return this.#logs.backwards(before);
  }

  /** How many logs of a trace are kept. */
  countOf(traceId: string): number {
    return this.#byTrace.get(traceId)?.length ?? 0;
  }

  /** The logs of a trace, as they arrived. */
  ofTrace(traceId: string): Iterable<StoredLog> {
    return this.#byTrace.get(traceId) ?? [];
  }

  /** Takes logs in and lets the oldest ones go for them. */
  add({ resource, scope, items }: Batch<LogRecord>, added: (log: StoredLog) => void): void {
    const from = this.#origins.resource(resource);
    const by = this.#origins.scope(scope);
    let owed = from.bytes + by.bytes;
    for (const { time, severityNumber, traceId, spanId, content } of items) {
      const log: StoredLog = {
        number: this.#logs.next,
        timeMillis: time.millis,
        timeRest: time.rest,
        severityNumber,
        traceId,
        spanId,
        resource: from.origin,
        scope: by.origin,
        content,
        bytes: LOG_BYTES + textBytes(content) + owed,
      };
      owed = 0;
      this.#received++;
      this.#bytes += log.bytes;
      this.#logs.push(log);
      if (traceId !== "") this.#addToTrace(log);
      while (this.#bytes > this.#maxBytes && this.#logs.length > 0) this.#evictOldest();
      added(log);
    }
  }

  state(): LogStorage {
    return {
      logs: this.#logs.length,
      bytes: this.#bytes,
      received: this.#received,
      evicted: this.#evicted,
    };
  }

  #addToTrace(log: StoredLog): void {
    const known = this.#byTrace.get(log.traceId);
    if (known !== undefined) {
      known.push(log);
      return;
    }
    const logs = new Fifo<StoredLog>();
    logs.push(log);
    this.#byTrace.set(log.traceId, logs);
  }

  #evictOldest(): void {
    const log = this.#logs.shift();
    if (log === undefined) return;
    this.#bytes -= log.bytes;
    this.#evicted++;
    // The oldest of all logs is the oldest of its trace too.
    const ofTrace = this.#byTrace.get(log.traceId);
    ofTrace?.shift();
    if (ofTrace?.length === 0) this.#byTrace.delete(log.traceId);
  }
}
