import { processLifecycle } from "./process_lifecycle.ts";

/** The signals that ask a process to stop. SIGHUP is left to the application: to many it means "reload". */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Lets the process end only after `finish` has: at a signal, at its natural end, at an uncaught error and at an
 * unhandled rejection. `Deno.exit` is left alone: it returns to nobody, so nothing asynchronous can come before it.
 *
 * @param finish Drains and flushes; called once, whatever ends the process.
 * @returns A function that takes the hooks out again.
 */
export function installProcessHooks(finish: () => Promise<void>): () => void {
  let finished: Promise<void> | undefined;
  /** Set when the error is thrown again, for Deno to report it in its own way. */
  let rethrown = false;
  const finishOnce = () => finished ??= finish();

  function onSignal(number: number): void {
    if (finished !== undefined) Deno.exit(128 + number);
    // A service that was asked to stop, and stopped, has not failed; any other program was cut short.
    const code = processLifecycle().drains.size > 0 ? 0 : 128 + number;
    void finishOnce().finally(() => Deno.exit(code));
  }

  /** Runs `afterwards` once telemetry is out, unless the application takes care of the error itself. */
  function onFailure(event: Event, afterwards: () => void): void {
    if (rethrown) {
      // Listeners of the application have seen it the first time.
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented) return;
    const preventDefault = event.preventDefault.bind(event);
    let handled = false;
    preventDefault();
    // Listeners that come later cannot be asked; whether one of them prevents the default shows only here.
    event.preventDefault = () => {
      handled = true;
    };
    queueMicrotask(() => {
      if (handled) return;
      void finishOnce().finally(() => {
        rethrown = true;
        afterwards();
      });
    });
  }

  const onError = (event: ErrorEvent) => onFailure(event, () => reportError(event.error));
  const onRejection = (event: PromiseRejectionEvent) =>
    onFailure(event, () => void Promise.reject(event.reason));
  // Deno fires it again after each asynchronous turn that it causes; `finishOnce` makes the first one count.
  const onBeforeUnload = () => void finishOnce();

  const signalListeners = Object.entries(SIGNALS).map(([name, number]) =>
    [name as keyof typeof SIGNALS, () => onSignal(number)] as const
  ).filter(([name, listener]) => addSignalListener(name, listener));
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  addEventListener("beforeunload", onBeforeUnload);

  return () => {
    for (const [name, listener] of signalListeners) Deno.removeSignalListener(name, listener);
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
    removeEventListener("beforeunload", onBeforeUnload);
  };
}

/** Windows knows fewer signals. */
function addSignalListener(name: keyof typeof SIGNALS, listener: () => void): boolean {
  try {
    Deno.addSignalListener(name, listener);
    return true;
  } catch {
    return false;
  }
}
