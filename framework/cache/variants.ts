import type { Cache } from "./cache.ts";
import type { CapturedVariant } from "./capture.ts";
import { CacheValueError } from "./store.ts";
import type { CacheSetOptions } from "./terms.ts";
import { type StoredResponse, variantKey, type VaryMarker } from "./stored_response.ts";

/** Where a request's response lies, and what lies there now. */
export interface Place {
  /** The key of the resource, with all of its variants. */
  readonly resource: string;
  /** The key of the variant that the request gets, as far as is known. */
  readonly key: string;
  readonly marker: VaryMarker | undefined;
  readonly stored: StoredResponse | undefined;
}

/** A marker outlives most variants, so that those who come later find the way together. */
const MARKER_SECONDS = 86_400;

/** The stored responses of each resource: one, or one for each set of headers it depends on. */
export class Variants {
  readonly #cache: Cache;
  readonly #tags: readonly string[];

  constructor(cache: Cache, tags: readonly string[]) {
    this.#cache = cache;
    this.#tags = tags;
  }

  /** Where the response for a request lies. */
  async find(resource: string, request: Headers): Promise<Place> {
    const found = await this.#cache.get<StoredResponse | VaryMarker>(resource);
    if (found?.kind !== "vary") {
      return { resource, key: resource, marker: undefined, stored: found };
    }
    const key = variantKey(resource, found, request);
    const stored = await this.#cache.get<StoredResponse>(key);
    return { resource, key, marker: found, stored };
  }

  /**
   * Stores a response where the next such request will find it. What a store refuses for its size
   * is not stored, which is no reason to fail the request.
   */
  async store(place: Place, variant: CapturedVariant, request: Headers): Promise<void> {
    const { freshSeconds, staleSeconds } = variant.response.plan;
    const ttl = freshSeconds + staleSeconds;
    // Responses keep their own times: the cache's jitter is not for them.
    const options = { ttl, jitter: 0, tags: this.#tags };
    try {
      const marker = await this.#marker(place, variant.vary, options);
      const key = marker === undefined
        ? place.resource
        : variantKey(place.resource, marker, request);
      await this.#cache.set(key, variant.response, options);
    } catch (error) {
      if (!(error instanceof CacheValueError)) throw error;
    }
  }

  /** Forgets a resource with all of its variants. */
  async forget(resource: string): Promise<void> {
    await this.#cache.delete(resource);
  }

  /** The marker that names all that the resource depends on; it is kept as long as the variant. */
  async #marker(
    { resource, marker: known }: Place,
    vary: readonly string[],
    options: CacheSetOptions & { readonly ttl: number },
  ): Promise<VaryMarker | undefined> {
    if (known === undefined && vary.length === 0) return undefined;
    const kept = { ...options, ttl: Math.max(options.ttl, MARKER_SECONDS) };
    // Variants that come together must agree on one marker.
    const found = known ??
      await this.#cache.getOrSet<StoredResponse | VaryMarker>(
        resource,
        () => newMarker(vary),
        kept,
      );
    const marker = found.kind === "vary" ? widened(found, vary) : newMarker(vary);
    if (marker !== found || found === known) await this.#cache.set(resource, marker, kept);
    return marker;
  }
}

function newMarker(names: readonly string[]): VaryMarker {
  return { kind: "vary", names, id: crypto.randomUUID() };
}

/** The names add up: a response that leaves one out does not make the others right for everyone. */
function widened(marker: VaryMarker, vary: readonly string[]): VaryMarker {
  const names = [...new Set([...marker.names, ...vary])].sort();
  return names.length === marker.names.length ? marker : newMarker(names);
}
