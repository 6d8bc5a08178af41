import type { Store } from "../store/store.ts";
import { LiveClient } from "./live_client.ts";
import type { Signal, StorageState } from "./model.ts";
import { ApiProblem } from "./query.ts";

const BATCH_MILLIS = 250;
const MAX_CLIENTS = 64;
const SIGNALS: readonly Signal[] = ["traces", "metrics", "logs"];

/** `GET /api/events`: tells every reader of what arrives. */
export class LiveHub {
  readonly #store: Store;
  readonly #state: () => StorageState;
  readonly #clients = new Map<LiveClient, () => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(store: Store, state: () => StorageState) {
    this.#store = store;
    this.#state = state;
  }

  /**
   * Begins an answer that goes on until its reader leaves.
   *
   * @param signals A list of the signals that are wanted; all of them unless given.
   * @throws {ApiProblem} When there are too many readers, or a signal is not one.
   */
  connect(signals: string | undefined): Response {
    const wanted = parseSignals(signals);
    if (this.#clients.size >= MAX_CLIENTS) {
      throw new ApiProblem(503, `There are ${MAX_CLIENTS} readers of live events already`);
    }
    const client = new LiveClient(this.#store, {
      signals: wanted,
      state: this.#state,
      onClose: (gone) => this.#remove(gone),
    });
    this.#clients.set(client, this.#store.listen(client));
    this.#timer ??= setInterval(() => this.#flush(), BATCH_MILLIS);
    return new Response(client.stream, {
      headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" },
    });
  }

  /** Ends every answer. */
  close(): void {
    for (const client of [...this.#clients.keys()]) {
      client.close();
      this.#remove(client);
    }
  }

  #flush(): void {
    const now = performance.now();
    for (const client of this.#clients.keys()) client.flush(now);
  }

  #remove(client: LiveClient): void {
    this.#clients.get(client)?.();
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function parseSignals(text: string | undefined): ReadonlySet<Signal> {
  if (text === undefined) return new Set(SIGNALS);
  const names = text.split(",").map((name) => name.trim());
  const known = SIGNALS.filter((signal) => names.includes(signal));
  if (known.length === names.length) return new Set(known);
  throw new ApiProblem(
    400,
    `Parameter "signals" is "${text}": expected a list of "traces", "metrics" and "logs"`,
  );
}
