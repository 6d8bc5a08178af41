import type { StoredLog } from "../store/log_store.ts";
import type { Instrument } from "../store/instrument.ts";
import type { Store, StoreListener } from "../store/store.ts";
import type { Trace } from "../store/trace.ts";
import { renderLog } from "./log_list.ts";
import type { LiveEventName, LiveEvents, Signal, StorageState } from "./model.ts";

/** What waits to be sent is bounded; what does not fit is said to be missed. */
const MAX_WAITING = 300;
const STATE_MILLIS = 1000;
const KEEPALIVE_MILLIS = 15_000;
/** How long a browser waits before it connects again. */
const RETRY_MILLIS = 1000;

/** One reader of the live events. It is told of changes only as fast as it reads. */
export class LiveClient implements StoreListener {
  /** The body of its answer. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #store: Store;
  readonly #state: () => StorageState;
  readonly #signals: ReadonlySet<Signal>;
  readonly #encoder = new TextEncoder();
  // By name only: a reader that has stopped reading must not keep what had to make room.
  readonly #traces = new Set<string>();
  readonly #instruments = new Set<string>();
  #logs: number[] = [];
  #missed = { traces: false, logs: false, metrics: false };
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #eventId = 0;
  #changed = false;
  #lastState = 0;
  #lastSent = 0;

  constructor(
    store: Store,
    { signals, state, onClose }: {
      readonly signals: ReadonlySet<Signal>;
      readonly state: () => StorageState;
      readonly onClose: (client: LiveClient) => void;
    },
  ) {
    this.#store = store;
    this.#state = state;
    this.#signals = signals;
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        this.#write(`retry: ${RETRY_MILLIS}\n\n`);
        this.#send("hello", state());
      },
      cancel: () => onClose(this),
    }, { highWaterMark: 4 });
  }

  traceChanged({ traceId }: Trace): void {
    this.#changed = true;
    if (!this.#signals.has("traces")) return;
    if (this.#traces.size < MAX_WAITING) this.#traces.add(traceId);
    else if (!this.#traces.has(traceId)) this.#missed.traces = true;
  }

  logAdded({ number }: StoredLog): void {
    this.#changed = true;
    if (!this.#signals.has("logs")) return;
    if (this.#logs.length < MAX_WAITING) this.#logs.push(number);
    else this.#missed.logs = true;
  }

  instrumentChanged({ id }: Instrument): void {
    this.#changed = true;
    if (!this.#signals.has("metrics")) return;
    if (this.#instruments.size < MAX_WAITING) this.#instruments.add(id);
    else if (!this.#instruments.has(id)) this.#missed.metrics = true;
  }

  /** Sends what waits, if the reader has taken what was sent before. */
  flush(now: number): void {
    if ((this.#controller?.desiredSize ?? 0) <= 0) return;
    if (this.#traces.size > 0) {
      const kept = [...this.#traces].map((traceId) => this.#store.traces.get(traceId))
        .filter((trace) => trace !== undefined);
      const missed = this.#missed.traces || kept.length < this.#traces.size;
      this.#traces.clear();
      const traces = kept.map((trace) => trace.summary(this.#store.logs.countOf(trace.traceId)));
      this.#send("traces", { traces, missed });
    }
    if (this.#logs.length > 0) {
      const kept = this.#logs.map((number) => this.#store.logs.get(number))
        .filter((log) => log !== undefined);
      const missed = this.#missed.logs || kept.length < this.#logs.length;
      this.#logs = [];
      const logs = kept.map((log) => renderLog(this.#store, log, { clip: true }));
      this.#send("logs", { logs, missed });
    }
    if (this.#instruments.size > 0) {
      const instruments = [...this.#instruments];
      this.#instruments.clear();
      this.#send("metrics", { instruments, missed: this.#missed.metrics });
    }
    this.#missed = { traces: false, logs: false, metrics: false };
    if (this.#changed && now - this.#lastState >= STATE_MILLIS) {
      this.#changed = false;
      this.#lastState = now;
      this.#send("state", this.#state());
    }
    // A comment keeps proxies from closing a connection, and tells us that a reader is gone.
    if (now - this.#lastSent >= KEEPALIVE_MILLIS) this.#write(": still here\n\n");
  }

  /** Ends the stream. */
  close(): void {
    try {
      this.#controller?.close();
    } catch {
      // The reader has closed it before us.
    }
  }

  #send<Name extends LiveEventName>(event: Name, data: LiveEvents[Name]): void {
    this.#write(`id: ${++this.#eventId}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): void {
    this.#lastSent = performance.now();
    this.#controller?.enqueue(this.#encoder.encode(text));
  }
}
