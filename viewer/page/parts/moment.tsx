import type { VNode } from "preact";
import { formatAgo, formatDateTime } from "../format/time.ts";
import { now } from "../state/clock.ts";

/** How long ago a moment was; the title says when exactly. */
export function Ago({ ms }: { ms: number }): VNode {
  return <time title={formatDateTime(ms)}>{formatAgo(ms, now.value)}</time>;
}
