import {
  type Attributes,
  getActiveSpan,
  isOTELEnabled,
  type Span,
  withSpan,
} from "../telemetry/otel.ts";
import { getOTelMetrics } from "../telemetry/otel_metrics.ts";
import type { Found } from "./levels.ts";
import type { CacheEntry } from "./store.ts";

const ATTR_CACHE_HIT = "cache.hit";
const ATTR_CACHE_KEY = "cache.key";
const ATTR_CACHE_SOURCE = "cache.source";
const ATTR_CACHE_TAG = "cache.tag";
const ATTR_CACHE_TTL = "cache.ttl";
const EVENT_HIT = "cache.hit";
const EVENT_MISS = "cache.miss";

type LookedUp = Found | undefined;

/**
 * What one cache tells OpenTelemetry. With no SDK registered each method is the call of what it was
 * given, and no more.
 */
export class CacheTelemetry {
  readonly #name: string;
  readonly #keys: boolean;

  /** @param name The cache's name, in metrics. @param keys Whether keys and tags may be told. */
  constructor(name: string, keys: "plain" | "omit") {
    this.#name = name;
    this.#keys = keys === "plain";
  }

  /** A look-up: `cache.get`, and whether it was a hit. */
  lookUp(key: string, find: () => LookedUp | Promise<LookedUp>): LookedUp | Promise<LookedUp> {
    if (!isOTELEnabled()) return find();
    return withSpan("cache.get", { attributes: this.#subject(ATTR_CACHE_KEY, key) }, (span) => {
      const found = find();
      return found instanceof Promise
        ? found.then((found) => this.#answered(span, found))
        : this.#answered(span, found);
    });
  }

  /** A write: `cache.set`, and for how long it is fresh. */
  write(key: string, entry: CacheEntry, set: () => Promise<void>): Promise<void> {
    if (!isOTELEnabled()) return set();
    const attributes = this.#subject(ATTR_CACHE_KEY, key);
    const seconds = (entry.freshUntil - entry.storedAt) / 1000;
    // OTLP's JSON has no number for what never ends.
    if (seconds < Infinity) attributes[ATTR_CACHE_TTL] = seconds;
    return withSpan("cache.set", { attributes }, set);
  }

  /** The removal of one entry: `cache.delete`. */
  remove<T>(key: string, remove: () => Promise<T>): Promise<T> {
    if (!isOTELEnabled()) return remove();
    return withSpan("cache.delete", { attributes: this.#subject(ATTR_CACHE_KEY, key) }, remove);
  }

  /** The removal of what has a tag: `cache.delete`. */
  removeTag(tag: string, remove: () => Promise<void>): Promise<void> {
    if (!isOTELEnabled()) return remove();
    return withSpan("cache.delete", { attributes: this.#subject(ATTR_CACHE_TAG, tag) }, remove);
  }

  /** The removal of everything: `cache.clear`. */
  clear(clear: () => Promise<void>): Promise<void> {
    return isOTELEnabled() ? withSpan("cache.clear", clear) : clear();
  }

  /**
   * Work that goes on after the request that asked for it: `cache.refresh`, a trace of its own with
   * a link to that request, whose span may be over long before.
   */
  refresh<T>(key: string, refresh: () => Promise<T>): Promise<T> {
    if (!isOTELEnabled()) return refresh();
    const asked = getActiveSpan()?.spanContext();
    return withSpan("cache.refresh", {
      root: true,
      attributes: this.#subject(ATTR_CACHE_KEY, key),
      links: asked === undefined ? [] : [{ context: asked }],
    }, refresh);
  }

  #answered(span: Span, found: LookedUp): LookedUp {
    span.setAttribute(ATTR_CACHE_HIT, found !== undefined);
    if (found === undefined) {
      span.addEvent(EVENT_MISS);
      getOTelMetrics().recordCacheMiss(this.#name);
      return undefined;
    }
    span.setAttribute(ATTR_CACHE_SOURCE, found.source);
    span.addEvent(EVENT_HIT);
    getOTelMetrics().recordCacheHit(this.#name, found.source);
    return found;
  }

  #subject(attribute: string, value: string): Attributes {
    return this.#keys ? { [attribute]: value } : {};
  }
}
