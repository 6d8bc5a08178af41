import type { TraceState } from "@opentelemetry/api";

const MAX_MEMBERS = 32;
/** W3C asks for 512 at least; a longer header than this is not read at all. */
const MAX_LENGTH = 8192;
/** Members longer than this are the first to go where the whole gets too long. */
const LONG_MEMBER = 128;

const KEY = /[a-z0-9][a-z0-9_\-*/@]{0,255}/;
const VALUE = /[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]/;
const WHOLE_KEY = new RegExp(`^${KEY.source}$`);
const WHOLE_VALUE = new RegExp(`^${VALUE.source}$`);
/** One member up to its comma. It can be empty: somebody who joins headers cannot tell an empty one. */
const MEMBER = new RegExp(`[ \\t]*(?:(${KEY.source})=(${VALUE.source})[ \\t]*)?(?:,|$)`, "y");

/** The members in their order, the latest first. */
type Members = ReadonlyMap<string, string>;

const NO_MEMBERS: Members = new Map();

/**
 * The `tracestate` of W3C Trace Context level 2. It never changes, and it is read when something of it is first
 * asked for. One that breaks the grammar counts as empty: half of it could mislead whoever wrote it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const state = new StrictTraceState("rojo=1,congo=2").set("congo", "3");
 * assert.equal(state.serialize(), "congo=3,rojo=1");
 * assert.equal(new StrictTraceState("rojo=1,Congo=2").serialize(), "");
 * ```
 */
export class StrictTraceState implements TraceState {
  readonly #header: string;
  #parsed: Members | undefined;
  #serialized: string | undefined;

  /** @param header The header's value. */
  constructor(header = "") {
    this.#header = header;
  }

  get #members(): Members {
    return this.#parsed ??= parseMembers(this.#header);
  }

  /** The value of a member. */
  get(key: string): string | undefined {
    return this.#members.get(key);
  }

  /**
   * A state in which a member comes first with a new value.
   *
   * @returns The same state where key or value break the grammar. Where there would be too much, other members
   * are left out: long ones first, then from the end.
   */
  set(key: string, value: string): TraceState {
    if (typeof key !== "string" || !WHOLE_KEY.test(key)) return this;
    if (typeof value !== "string" || !WHOLE_VALUE.test(value)) return this;
    const others = [...this.#members].filter(([other]) => other !== key);
    return StrictTraceState.#of(new Map(withinLimits([[key, value], ...others])));
  }

  /** A state without a member. */
  unset(key: string): TraceState {
    if (!this.#members.has(key)) return this;
    const members = new Map(this.#members);
    members.delete(key);
    return StrictTraceState.#of(members);
  }

  /** The header's value; empty where there is no member. */
  serialize(): string {
    return this.#serialized ??= membersText(this.#members);
  }

  static #of(members: Members): StrictTraceState {
    const state = new StrictTraceState();
    state.#parsed = members;
    return state;
  }
}

function parseMembers(header: string): Members {
  if (header.length > MAX_LENGTH) return NO_MEMBERS;
  const members = new Map<string, string>();
  let count = 0;
  MEMBER.lastIndex = 0;
  while (MEMBER.lastIndex < header.length) {
    const match = MEMBER.exec(header);
    if (match === null) return NO_MEMBERS;
    const [, key, value] = match;
    if (key === undefined || value === undefined) continue;
    if (++count > MAX_MEMBERS) return NO_MEMBERS;
    if (!members.has(key)) members.set(key, value);
  }
  return members;
}

function withinLimits(
  members: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const kept = members.slice(0, MAX_MEMBERS);
  while (kept.length > 1 && membersText(kept).length > MAX_LENGTH) {
    // The first is the one that has just been set.
    const long = kept.findLastIndex((member, index) =>
      index > 0 && memberText(member).length > LONG_MEMBER
    );
    kept.splice(long, 1);
  }
  return kept;
}

function membersText(members: Iterable<readonly [string, string]>): string {
  let text = "";
  for (const member of members) text += text === "" ? memberText(member) : `,${memberText(member)}`;
  return text;
}

function memberText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
