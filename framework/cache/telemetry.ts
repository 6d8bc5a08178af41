import { isMeasured } from "../telemetry/active_meter.ts";
import {
  type Attributes,
  getActiveSpan,
  isOTELEnabled,
  type Span,
  withSpan,
} from "../telemetry/otel.ts";
import { observeCacheSize } from "../telemetry/metrics_gauges.ts";
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

/** An entry of a cache, as it is told of; without its key where keys are left out of telemetry. */
export interface ToldEntry {
  /** The entry's key. */
  readonly key?: string;
}

/** What a cache tells: `cache:get` and what came of it, and `cache:set` as the write begins. */
export type CacheEvent =
  & {
    /** There is a span or a span event of it already. */
    readonly traced: true;
  }
  & (
    | { readonly type: "cache:get" | "cache:miss"; readonly data: ToldEntry }
    | { readonly type: "cache:hit"; readonly data: ToldEntry & { readonly source: string } }
    | { readonly type: "cache:set"; readonly data: ToldEntry & { readonly ttlSeconds: number } }
  );

/** Hears of a cache's look-ups and writes: a debugger's `emit` does. */
export type CacheEmit = (event: CacheEvent) => void;

/** How a cache tells of itself. */
export interface CacheTelemetryInit {
  /** The cache's name, in metrics. */
  readonly name: string;
  /** Whether keys and tags may be told. */
  readonly keys: "plain" | "omit";
  /** Hears of look-ups and writes beside OpenTelemetry. */
  readonly emit: CacheEmit | undefined;
}

/**
 * What one cache tells OpenTelemetry and the debugger. With no SDK registered and no `emit` each
 * method is the call of what it was given, and no more.
 */
export class CacheTelemetry {
  readonly #name: string;
  readonly #keys: boolean;
  readonly #emit: CacheEmit | undefined;

  /** @param init What is told, and to whom. */
  constructor({ name, keys, emit }: CacheTelemetryInit) {
    this.#name = name;
    this.#keys = keys === "plain";
    this.#emit = emit;
  }

  /** A look-up: `cache.get`, and whether it was a hit. */
  lookUp(key: string, find: () => LookedUp | Promise<LookedUp>): LookedUp | Promise<LookedUp> {
    const emit = this.#emit;
    if (emit === undefined) return this.#look(key, find);
    const entry = this.#told(key);
    const tell = (found: LookedUp) => {
      if (found === undefined) emit({ type: "cache:miss", traced: true, data: entry });
      else emit({ type: "cache:hit", traced: true, data: { ...entry, source: found.source } });
      return found;
    };
    emit({ type: "cache:get", traced: true, data: entry });
    const found = this.#look(key, find);
    return found instanceof Promise ? found.then(tell) : tell(found);
  }

  #look(key: string, find: () => LookedUp | Promise<LookedUp>): LookedUp | Promise<LookedUp> {
    if (!isMeasured()) return find();
    return withSpan("cache.get", { attributes: this.#subject(ATTR_CACHE_KEY, key) }, (span) => {
      const found = find();
      return found instanceof Promise
        ? found.then((found) => this.#answered(span, found))
        : this.#answered(span, found);
    });
  }

  /** A write: `cache.set`, and for how long it is fresh. */
  write(key: string, entry: CacheEntry, set: () => Promise<void>): Promise<void> {
    this.#emit?.({
      type: "cache:set",
      traced: true,
      data: { ...this.#told(key), ttlSeconds: ttlOf(entry) },
    });
    if (!isOTELEnabled()) return set();
    const attributes = this.#subject(ATTR_CACHE_KEY, key);
    const seconds = ttlOf(entry);
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

  #told(key: string): ToldEntry {
    return this.#keys ? { key } : {};
  }

  #subject(attribute: string, value: string): Attributes {
    return this.#keys ? { [attribute]: value } : {};
  }
}

/** For how many seconds an entry is fresh. */
function ttlOf({ freshUntil, storedAt }: CacheEntry): number {
  return (freshUntil - storedAt) / 1000;
}

const forgotten = new FinalizationRegistry<() => void>((end) => end());

/** Observes how many entries a store holds, for as long as somebody holds the store. */
export function observeSize(cache: string, store: { readonly size: number }): void {
  const held = new WeakRef(store);
  forgotten.register(store, observeCacheSize(cache, () => held.deref()?.size ?? 0));
}
