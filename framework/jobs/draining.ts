import { drainOnSignals, processLifecycle } from "../lifecycle.ts";

/** Brings work to an end, and by force once the deadline is aborted. */
type Drain = (deadline: AbortSignal) => Promise<void>;

/** How long work may take to end when nothing is told, in milliseconds. */
const DEFAULT_TIMEOUT_MILLIS = 10_000;

/**
 * Makes a drain part of the process's end.
 *
 * @param drain What to do.
 * @param handleSignals Whether SIGINT and SIGTERM end the process in good order.
 * @returns Undoes it.
 */
export function drainAtExit(drain: Drain, handleSignals: boolean): () => void {
  const { drains } = processLifecycle();
  drains.add(drain);
  const release = handleSignals ? drainOnSignals() : () => {};
  return () => {
    drains.delete(drain);
    release();
  };
}

/** Drains with a deadline, then lets telemetry send what it holds. */
export async function drainWithin(
  drain: Drain,
  timeoutMillis: number = DEFAULT_TIMEOUT_MILLIS,
): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMillis);
  try {
    await drain(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
  await processLifecycle().telemetry?.forceFlush();
}
