import type { VNode } from "preact";
import { connection, reconnect, storage } from "../api/live.ts";
import { formatCount } from "../format/quantity.ts";
import { href } from "../state/address.ts";

const WORDS = { live: "Connected", connecting: "Connecting", away: "Reconnecting" } as const;

/** Whether the page hears the viewer, in the head. */
export function ConnectionState(): VNode {
  const state = connection.value;
  return (
    <span class="link-state" data-state={state} role="status">
      {WORDS[state]}
    </span>
  );
}

/** What everybody should know: that the viewer is away, or that old data had to go. */
export function ConnectionBanner(): VNode | null {
  if (connection.value === "away") {
    return (
      <div class="banner error" role="alert">
        <span>
          The viewer does not answer. What is shown may be old; the page connects again by itself.
        </span>
        <button type="button" class="button small" onClick={reconnect}>Try now</button>
      </div>
    );
  }
  const gone = storage.value?.traces.evictedTraces ?? 0;
  if (gone === 0) return null;
  return (
    <div class="evicted muted">
      {formatCount(gone)} older traces made room. <a href={href("pipeline")}>What is kept</a>
    </div>
  );
}
