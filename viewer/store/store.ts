import type { DecodedRequest } from "../otlp/request.ts";
import { Pause } from "../otlp/pause.ts";
import { LogStore, type StoredLog } from "./log_store.ts";
import type { Instrument } from "./instrument.ts";
import { MetricStore } from "./metric_store.ts";
import { Origins } from "./origins.ts";
import type { Trace } from "./trace.ts";
import { TraceStore } from "./trace_store.ts";

/** How much a {@linkcode Store} keeps. */
export interface StoreLimits {
  /** What everything together may take, by estimate. */
  readonly maxBytes: number;
  /** The most spans that are kept of one trace; 20,000 unless given. */
  readonly maxSpansPerTrace?: number;
  /** The most series of metrics; 10,000 unless given. */
  readonly maxSeries?: number;
}

/** Hears of what arrives. */
export interface StoreListener {
  traceChanged(trace: Trace): void;
  logAdded(log: StoredLog): void;
  instrumentChanged(instrument: Instrument): void;
}

/** How the room is divided; each signal makes room among its own, so that none drives out another. */
const SHARES = { traces: 0.7, logs: 0.15, metrics: 0.15 };

/** Everything that was received and is still kept. */
export class Store {
  readonly maxBytes: number;
  readonly origins: Origins = new Origins();
  readonly traces: TraceStore;
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly #listeners = new Set<StoreListener>();

  constructor({ maxBytes, maxSpansPerTrace, maxSeries }: StoreLimits) {
    this.maxBytes = maxBytes;
    this.traces = new TraceStore(this.origins, {
      maxBytes: maxBytes * SHARES.traces,
      ...(maxSpansPerTrace !== undefined && { maxSpansPerTrace }),
    });
    this.logs = new LogStore(this.origins, maxBytes * SHARES.logs);
    this.metrics = new MetricStore(this.origins, {
      maxBytes: maxBytes * SHARES.metrics,
      ...(maxSeries !== undefined && { maxSeries }),
    });
  }

  /** What is kept takes about so much. */
  get bytes(): number {
    return this.traces.bytes + this.logs.bytes + this.metrics.bytes;
  }

  /** Adds a listener; the result removes it. */
  listen(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes a request in, in steps that let others have their turn.
   *
   * @returns How many points had to be refused because there are too many series.
   */
  async add(request: DecodedRequest): Promise<number> {
    const pause = new Pause();
    for (const batch of request.spans) {
      for (const items of inSteps(batch.items)) {
        this.traces.add({ ...batch, items }, (trace) => {
          for (const listener of this.#listeners) listener.traceChanged(trace);
        });
        if (pause.due) await pause.rest();
      }
    }
    for (const batch of request.logs) {
      for (const items of inSteps(batch.items)) {
        this.logs.add({ ...batch, items }, (log) => this.#logAdded(log));
        if (pause.due) await pause.rest();
      }
    }
    let refused = 0;
    for (const batch of request.metrics) {
      for (const items of inSteps(batch.items)) {
        refused += this.metrics.add({ ...batch, items }, (instrument) => {
          for (const listener of this.#listeners) listener.instrumentChanged(instrument);
        });
        if (pause.due) await pause.rest();
      }
    }
    return refused;
  }

  /** A log changes the row of its trace too. */
  #logAdded(log: StoredLog): void {
    const trace = this.traces.get(log.traceId);
    for (const listener of this.#listeners) {
      listener.logAdded(log);
      if (trace !== undefined) listener.traceChanged(trace);
    }
  }
}

const STEP = 8;

function* inSteps<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let i = 0; i < items.length; i += STEP) yield items.slice(i, i + STEP);
}
