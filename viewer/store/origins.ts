import type { Resource } from "../api/model.ts";
import type { ResourceRecord, ScopeRecord } from "../otlp/records.ts";
import { textOf } from "../otlp/values.ts";
import { OBJECT_BYTES, textBytes } from "./size.ts";

/** A resource, once for all that came from it. */
export interface StoredResource extends Resource {
  readonly instanceId: string | undefined;
  readonly schemaUrl: string;
}

/** What something is, and what it took when it was new here; 0 when it was known. */
export interface Kept<Origin> {
  readonly origin: Origin;
  readonly bytes: number;
}

/**
 * Knows the resources and scopes that telemetry came from, so that each is kept once. It forgets
 * the one that was not used for longest; what is stored holds on to its own.
 */
export class Origins {
  readonly #resources = new Map<string, StoredResource>();
  readonly #byId = new Map<string, StoredResource>();
  readonly #scopes = new Map<string, ScopeRecord>();
  readonly #max: number;
  #made = 0;

  constructor(max = 1000) {
    this.#max = max;
  }

  /** The resource with an `id`, as long as it is remembered. */
  find(id: string): Resource | undefined {
    return this.#byId.get(id);
  }

  /** The one copy of a resource. */
  resource(record: ResourceRecord): Kept<StoredResource> {
    const key = JSON.stringify(record);
    const known = touch(this.#resources, key);
    if (known !== undefined) return { origin: known, bytes: 0 };
    const origin: StoredResource = {
      id: `r${++this.#made}`,
      service: record.service,
      attributes: record.attributes,
      instanceId: textOf(record.attributes, "service.instance.id"),
      schemaUrl: record.schemaUrl,
    };
    this.#byId.set(origin.id, origin);
    this.#resources.set(key, origin);
    const oldest = shrink(this.#resources, this.#max);
    if (oldest !== undefined) this.#byId.delete(oldest.id);
    return { origin, bytes: OBJECT_BYTES * record.attributes.length + 2 * textBytes(key) };
  }

  /** The one copy of a scope. */
  scope(record: ScopeRecord): Kept<ScopeRecord> {
    const key = JSON.stringify(record);
    const known = touch(this.#scopes, key);
    if (known !== undefined) return { origin: known, bytes: 0 };
    this.#scopes.set(key, record);
    shrink(this.#scopes, this.#max);
    return { origin: record, bytes: OBJECT_BYTES + 2 * textBytes(key) };
  }
}

/** Finds an entry and makes it the one that is forgotten last. */
function touch<Value>(map: Map<string, Value>, key: string): Value | undefined {
  const value = map.get(key);
  if (value !== undefined) {
    map.delete(key);
    map.set(key, value);
  }
  return value;
}

/** Forgets the entry that would be forgotten first, when there are too many. */
function shrink<Value>(map: Map<string, Value>, max: number): Value | undefined {
  if (map.size <= max) return undefined;
  for (const [key, value] of map) {
    map.delete(key);
    return value;
  }
  return undefined;
}
