import type { LogEntry } from "./logs.ts";
import type { StorageState } from "./storage.ts";
import type { TraceSummary } from "./traces.ts";

/**
 * `GET /api/events`: server-sent events, each with its name as `event` and one of these as `data`.
 * Changes are gathered for a quarter of a second. Query: `signals`, a list of those wanted.
 *
 * A reader that was away, or too slow, has missed some: after each `hello`, and when `missed` is
 * true, ask for the lists again.
 */
export interface LiveEvents {
  /** The first event of every connection. */
  readonly hello: StorageState;
  /** Traces that are new or have changed; one of them can come many times. */
  readonly traces: { readonly traces: readonly TraceSummary[]; readonly missed: boolean };
  /** New logs. */
  readonly logs: { readonly logs: readonly LogEntry[]; readonly missed: boolean };
  /** The ids of instruments with new points. */
  readonly metrics: { readonly instruments: readonly string[]; readonly missed: boolean };
  /** After changes, at most once a second. */
  readonly state: StorageState;
}

export type LiveEventName = keyof LiveEvents;
