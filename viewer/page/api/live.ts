import { type ReadonlySignal, signal } from "@preact/signals";
import type { LiveEventName, LiveEvents, StorageState } from "../../api/model.ts";

/** Whether the page hears what happens. */
export type Connection = "connecting" | "live" | "away";

const state = signal<Connection>("connecting");
const stored = signal<StorageState | undefined>(undefined);

/** Whether the page hears what happens. */
export const connection: ReadonlySignal<Connection> = state;

/** What the viewer keeps, as it last said. */
export const storage: ReadonlySignal<StorageState | undefined> = stored;

type Listener = (name: LiveEventName, data: unknown) => void;

const listeners = new Set<Listener>();
const NAMES: readonly LiveEventName[] = ["hello", "traces", "logs", "metrics", "state"];

/** How long after a failure the next attempt is made. */
const RETRY_MILLIS = [500, 1000, 2000, 5000];

let source: EventSource | undefined;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;

/**
 * Hears what happens from here on, and connects again whenever the viewer was away. A page that is
 * not seen lets go: a browser has few connections for all the pages of one address.
 */
export function startLive(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connect();
    else disconnect();
  });
  addEventListener("online", connect);
  connect();
}

/** Tries again at once. */
export function reconnect(): void {
  disconnect();
  failures = 0;
  connect();
}

/**
 * Listens to one kind of event.
 *
 * @returns What ends it.
 */
export function listen<N extends LiveEventName>(
  wanted: N,
  listener: (data: LiveEvents[N]) => void,
): () => void {
  // The name tells the type of the data; the map of events says which.
  const own: Listener = (name, data) => name === wanted && listener(data as LiveEvents[N]);
  listeners.add(own);
  return () => listeners.delete(own);
}

function connect(): void {
  if (source !== undefined) return;
  clearTimeout(retry);
  const opened = new EventSource("/api/events");
  source = opened;
  for (const name of NAMES) {
    opened.addEventListener(name, (event: MessageEvent<string>) => receive(name, event.data));
  }
  opened.addEventListener("error", () => {
    if (source !== opened) return;
    disconnect();
    state.value = "away";
    retry = setTimeout(connect, RETRY_MILLIS[Math.min(failures++, RETRY_MILLIS.length - 1)]);
  });
}

function disconnect(): void {
  source?.close();
  source = undefined;
  clearTimeout(retry);
}

function receive(name: LiveEventName, text: string): void {
  failures = 0;
  state.value = "live";
  const data: unknown = JSON.parse(text);
  if (name === "hello" || name === "state") stored.value = data as StorageState;
  for (const listener of [...listeners]) listener(name, data);
}
