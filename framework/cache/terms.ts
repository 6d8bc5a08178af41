import type { CacheEntry } from "./store.ts";

/** For how long a value is kept, and what it can be invalidated by. Times are in seconds. */
export interface CacheSetOptions {
  /** How long the value is fresh: above 0, `Infinity` for no end. The cache's own unless told. */
  readonly ttl?: number;
  /** How long after that it may be served once more while it is refreshed; 0 unless told. */
  readonly staleWhileRevalidate?: number;
  /**
   * Up to what share of the ttl is taken off at random, from 0 to 1, so that values stored together
   * do not end together. The cache's own unless told.
   */
  readonly jitter?: number;
  /** What the value can be invalidated by: at most 64 tags. */
  readonly tags?: readonly string[];
}

/** How `getOrSet` keeps what the loader found. */
export interface CacheLoadOptions extends CacheSetOptions {
  /** How long `null` or `undefined` is kept, in seconds; they are not cached unless told. */
  readonly negativeTtl?: number;
}

/** What an entry's times are reckoned with. */
export interface CacheClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** Set options that were checked, with the cache's own in the gaps. */
export interface CacheTerms {
  readonly ttl: number;
  readonly staleWhileRevalidate: number;
  readonly jitter: number;
  readonly tags: readonly string[];
  readonly negativeTtl: number | undefined;
}

/** Each tag is a row of its own in a store that is not memory. */
const MAX_TAGS = 64;
/** Short enough for a store's key. */
const MAX_TAG_LENGTH = 256;
const NO_TAGS: readonly string[] = [];

/**
 * Checks options and fills their gaps.
 *
 * @throws {RangeError} When a time or share is out of its range, or there are too many tags.
 * @throws {TypeError} When a tag is not a text that can be stored.
 */
export function readTerms(
  options: CacheLoadOptions,
  defaults: { readonly ttl: number; readonly jitter: number },
): CacheTerms {
  const { ttl = defaults.ttl, jitter = defaults.jitter, staleWhileRevalidate = 0 } = options;
  checkTtl("ttl", ttl);
  if (options.negativeTtl !== undefined) checkTtl("negativeTtl", options.negativeTtl);
  if (!(staleWhileRevalidate >= 0)) {
    throw new RangeError(
      `Cannot cache with staleWhileRevalidate ${staleWhileRevalidate}: expected seconds, 0 or more`,
    );
  }
  checkJitter(jitter);
  const tags = options.tags === undefined ? NO_TAGS : readTags(options.tags);
  return { ttl, staleWhileRevalidate, jitter, tags, negativeTtl: options.negativeTtl };
}

/** @throws {RangeError} When it is not a time above 0. */
export function checkTtl(option: string, seconds: number): void {
  if (seconds > 0) return;
  throw new RangeError(
    `Cannot cache with ${option} ${seconds}: expected seconds above 0, or Infinity for no end`,
  );
}

/** @throws {RangeError} When it is not a share. */
export function checkJitter(jitter: number): void {
  if (jitter >= 0 && jitter <= 1) return;
  throw new RangeError(`Cannot cache with jitter ${jitter}: expected a share from 0 to 1`);
}

/** @throws {TypeError} When it is not a text that every store can tell from others. */
export function checkKey(key: string): void {
  // Stores write keys as UTF-8, where every lone surrogate is the same character.
  if (typeof key === "string" && key !== "" && key.isWellFormed()) return;
  const found = typeof key !== "string"
    ? `a key of type ${key === null ? "null" : typeof key}`
    : key === ""
    ? "an empty key"
    : "a key with a lone surrogate";
  throw new TypeError(`Cannot use ${found} in a cache: expected well-formed text`);
}

/** @throws {TypeError} When it is not a text that can be stored. */
export function checkTag(tag: string): void {
  if (
    typeof tag === "string" && tag !== "" && tag.length <= MAX_TAG_LENGTH && tag.isWellFormed()
  ) return;
  throw new TypeError(
    `Cannot use the tag ${
      JSON.stringify(tag)
    }: expected well-formed text of 1 to ${MAX_TAG_LENGTH} characters`,
  );
}

/** @throws {TypeError} When nothing of the value would be left once it was stored. */
export function checkValue(value: unknown): void {
  const kind = value instanceof Promise
    ? "promise: await it first"
    : value instanceof Response
    ? "Response, whose body can be read once: cache what it holds"
    : undefined;
  if (kind !== undefined) throw new TypeError(`Cannot cache a ${kind}`);
}

/** Checks tags; each counts once. @throws {TypeError | RangeError} When one, or their number, is out of bounds. */
export function readTags(tags: readonly string[]): readonly string[] {
  if (tags.length > MAX_TAGS) {
    throw new RangeError(`Cannot cache with ${tags.length} tags: expected at most ${MAX_TAGS}`);
  }
  for (const tag of tags) checkTag(tag);
  return [...new Set(tags)];
}

/**
 * An entry that begins now, or `undefined` for a negative result that is not to be kept.
 *
 * @param value What to keep.
 * @param terms For how long.
 * @param clock The time and the chance it is reckoned with.
 */
export function loadedEntry(
  value: unknown,
  terms: CacheTerms,
  clock: CacheClock,
): CacheEntry | undefined {
  if (value !== null && value !== undefined) return newEntry(value, terms, clock);
  const { negativeTtl } = terms;
  return negativeTtl === undefined
    ? undefined
    : newEntry(value, { ...terms, ttl: negativeTtl }, clock);
}

/** An entry that begins now. */
export function newEntry(value: unknown, terms: CacheTerms, clock: CacheClock): CacheEntry {
  const { ttl, jitter, staleWhileRevalidate, tags } = terms;
  const storedAt = clock.now();
  // A jitter of 0 times Infinity would be no number.
  const seconds = jitter > 0 && ttl < Infinity ? ttl * (1 - jitter * clock.random()) : ttl;
  const freshUntil = storedAt + seconds * 1000;
  return {
    value,
    storedAt,
    freshUntil,
    expiresAt: freshUntil + staleWhileRevalidate * 1000,
    tags,
  };
}
