/**
 * A cache over memory, Deno KV, or both, and a response cache on top of it.
 *
 * @module
 */
export { Cache } from "./cache.ts";
export { KvStore } from "./kv_store.ts";
export type { KvStoreOptions } from "./kv_store.ts";
export type { CacheStores } from "./levels.ts";
export { MemoryStore } from "./memory_store.ts";
export type { MemoryStoreOptions } from "./memory_store.ts";
export type { CacheOptions } from "./options.ts";
export { responseCache } from "./response_cache.ts";
export type { ResponseCacheOptions } from "./response_cache.ts";
export { CacheValueError } from "./store.ts";
export type { CacheEntry, CacheStore, CacheValueFault } from "./store.ts";
export type { CacheEmit, CacheEvent, ToldEntry } from "./telemetry.ts";
export type { CacheLoadOptions, CacheSetOptions } from "./terms.ts";
