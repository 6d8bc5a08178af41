/**
 * Where those who end a process's work and those who flush its telemetry meet. The framework and
 * the SDK do not import each other, so they meet at a global symbol; whoever comes first makes it.
 */
export interface ProcessLifecycle {
  /** Work to bring to an end before telemetry is flushed; each gets a signal for the deadline. */
  readonly drains: Set<(deadline: AbortSignal) => Promise<void>>;
  /** Set by a telemetry SDK that owns the process's signals and can flush. */
  telemetry?: { forceFlush(): Promise<void> };
}

const KEY = Symbol.for("@echelon/lifecycle");

/** The process's one lifecycle. */
export function processLifecycle(): ProcessLifecycle {
  const globals = globalThis as { [KEY]?: ProcessLifecycle };
  return globals[KEY] ??= { drains: new Set() };
}

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

const EXIT_CODES: Partial<Record<Deno.Signal, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
};

/** How long a process that was told to end may take, in milliseconds. */
const DEADLINE_MILLIS = 10_000;

let listeners: (() => void) | undefined;
let users = 0;

/**
 * Ends the process's work at SIGINT and SIGTERM: every drain, then exit 0; a second signal exits at
 * once. Where a telemetry SDK owns the signals it does all this, and flushes.
 *
 * @returns Undoes it; the listeners go with the last user.
 */
export function drainOnSignals(): () => void {
  users += 1;
  listeners ??= listen();
  let released = false;
  return () => {
    if (released) return;
    released = true;
    users -= 1;
    if (users > 0) return;
    listeners?.();
    listeners = undefined;
  };
}

function listen(): () => void {
  let draining = false;
  const added = SIGNALS.map((signal) => {
    const listener = () => {
      if (processLifecycle().telemetry !== undefined) return;
      if (draining) Deno.exit(EXIT_CODES[signal] ?? 1);
      draining = true;
      void drainAndExit();
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return () => added.forEach((remove) => remove());
}

async function drainAndExit(): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MILLIS);
  await Promise.allSettled(
    [...processLifecycle().drains].map((drain) => drain(deadline)),
  );
  Deno.exit(0);
}
