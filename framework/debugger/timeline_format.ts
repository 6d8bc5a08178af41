import type { TimingEntry } from "./timeline.ts";

/** How long a text may be in a line; what is longer is cut. */
const MAX_TEXT_CHARS = 80;

/** Data that a line shows in another way, or that is of no use to a reader. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(["error", "index"]);

/** A timeline as lines: when each entry began, what it was, how long it took, what it told. */
export function formatEntries(
  requestId: string,
  entries: readonly TimingEntry[],
  omitted: number,
): string {
  // An operation with one event is told of when it is done.
  const sorted = entries.toSorted((a, b) => a.startTime - b.startTime);
  const began = sorted[0]?.startTime ?? 0;
  const offsets = sorted.map(({ startTime }) => `+${(startTime - began).toFixed(1)}`);
  const width = Math.max(...offsets.map((offset) => offset.length));
  const lines = sorted.map((entry, index) =>
    `${offsets[index]?.padStart(width)} ms  ${"│ ".repeat(entry.depth)}${describe(entry)}`
  );
  const more = omitted === 0 ? [] : [`… and ${omitted} more events`];
  return [`request ${shown(requestId)}`, ...lines, ...more].join("\n");
}

function describe({ name, event, durationMillis, error }: TimingEntry): string {
  const words = [shown(name)];
  if (durationMillis !== undefined) words.push(`${durationMillis.toFixed(1)} ms`);
  for (const [key, value] of Object.entries(event.operation?.data ?? event.data)) {
    if (SHOWN_ELSEWHERE.has(key) || value === undefined || name.endsWith(`.${value}`)) continue;
    words.push(`${key}=${shown(String(value))}`);
  }
  if (error !== undefined) words.push(`failed: ${shown(messageOf(error))}`);
  return words.join(" ");
}

function messageOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "an error that cannot be read";
  }
}

/** A text in one line: what a client sends could otherwise forge lines, or command a terminal. */
function shown(text: string): string {
  const short = text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}…` : text;
  if (/^[\w.:/-]+$/.test(short)) return short;
  return JSON.stringify(short).replace(
    /\p{C}/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
