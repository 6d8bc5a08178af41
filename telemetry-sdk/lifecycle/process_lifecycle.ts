/**
 * Where the telemetry SDK and whatever serves requests meet, without importing each other: the object at
 * `globalThis[Symbol.for("@echelon/lifecycle")]`, made by whoever comes first.
 */
export interface ProcessLifecycle {
  /** Work to bring to an end before telemetry is flushed: each gets a signal that aborts at the deadline. */
  readonly drains: Set<(deadline: AbortSignal) => Promise<void>>;
  /** Set by the telemetry SDK: it owns the process's signals and can flush. */
  telemetry?: { forceFlush(): Promise<void> };
}

const KEY = Symbol.for("@echelon/lifecycle");

/** The process's one lifecycle object. */
export function processLifecycle(): ProcessLifecycle {
  const holder: typeof globalThis & { [KEY]?: ProcessLifecycle } = globalThis;
  holder[KEY] ??= { drains: new Set() };
  return holder[KEY];
}
