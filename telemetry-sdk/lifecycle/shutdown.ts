import type { SignalName } from "../config/endpoint.ts";
import type { ProcessLifecycle } from "./process_lifecycle.ts";

/** One signal, as the end of the process sees it. */
export interface SignalPipeline {
  readonly name: SignalName;
  /** Exports what has been recorded so far. */
  forceFlush(): Promise<void>;
  /** Exports what is left and stops. */
  shutdown(): Promise<void>;
  /** Gives up what {@linkcode SignalPipeline.shutdown} has not finished. */
  abandon(): void;
  /** How much has been lost since the start. */
  lost(): { readonly count: number; readonly unit: string };
}

/** What is to be ended, and how long it may take. */
export interface ShutdownOptions {
  readonly signals: readonly SignalPipeline[];
  /** The time for drains and flushes together. */
  readonly timeoutMillis: number;
  /** Work that ends before the flush. */
  readonly drains?: ProcessLifecycle["drains"];
  /** Where lines go. */
  readonly say: (line: string) => void;
}

/** The share of the time that drains may use up, so that what they leave behind can still be sent. */
const DRAIN_SHARE = 0.8;

/**
 * Drains, then shuts all signals down in parallel, within one deadline. What was lost on the way is said in
 * one line. Never rejects.
 */
export async function shutDown(
  { signals, timeoutMillis, drains, say }: ShutdownOptions,
): Promise<void> {
  const end = performance.now() + timeoutMillis;
  if (drains !== undefined && drains.size > 0) {
    await within(timeoutMillis * DRAIN_SHARE, (deadline) => runDrains(drains, { deadline, say }));
  }
  const before = signals.map((signal) => signal.lost().count);
  const late: string[] = [];
  await within(
    Math.max(end - performance.now(), 0),
    (deadline) =>
      Promise.all(signals.map(async (signal) => {
        if (await settles((async () => await signal.shutdown())(), deadline)) return;
        signal.abandon();
        late.push(signal.name);
      })),
  );
  const losses = signals.flatMap((signal, index) => {
    const { unit, count } = signal.lost();
    const lost = count - (before[index] ?? 0);
    return lost > 0 ? [`${lost} ${unit}`] : [];
  });
  if (losses.length === 0) return;
  const reason = late.length === 0
    ? "the export failed"
    : `no end to the export within ${timeoutMillis} ms`;
  say(`lost at shutdown: ${losses.join(", ")} (${reason})`);
}

/**
 * Ends signals that were made for nothing, where another part of telemetry could not be: they must neither go on
 * exporting nor keep a port.
 *
 * @param signals The signals.
 */
export function giveUp(signals: readonly SignalPipeline[]): void {
  for (const signal of signals) {
    signal.abandon();
    signal.shutdown().catch(() => {});
  }
}

async function runDrains(
  drains: ProcessLifecycle["drains"],
  { deadline, say }: { readonly deadline: AbortSignal; readonly say: (line: string) => void },
): Promise<void> {
  await Promise.all([...drains].map(async (drain) => {
    const drained = (async () => await drain(deadline))();
    drained.catch((error) => say(`a drain failed: ${error}`));
    if (!await settles(drained, deadline)) say("a drain did not end in time; going on without it");
  }));
}

/** Runs work with a signal that aborts after a time, and leaves no timer behind. */
async function within(
  millis: number,
  work: (deadline: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new DOMException("The shutdown took too long", "TimeoutError")),
    millis,
  );
  try {
    await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a promise, or for the deadline; tells whether the promise was first. Its rejection counts as an end. */
function settles(promise: Promise<unknown>, deadline: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const expire = () => resolve(false);
    deadline.addEventListener("abort", expire, { once: true });
    const settle = () => {
      deadline.removeEventListener("abort", expire);
      resolve(true);
    };
    promise.then(settle, settle);
  });
}
