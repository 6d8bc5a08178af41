import type { Logger } from "../telemetry/logger.ts";
import type { CacheStores } from "./levels.ts";
import type { CacheEmit } from "./telemetry.ts";

/** How a cache is set up. Times are in seconds. */
export interface CacheOptions {
  /** Tells caches apart in metrics and logs; `default` unless told. */
  readonly name?: string;
  /** Where entries are kept: one store, or a near one before a far one; memory unless told. */
  readonly stores?: CacheStores;
  /** How long a value is fresh where `set` does not say; 300 unless told. */
  readonly ttl?: number;
  /** What share of a ttl is taken off at random where `set` does not say; 0 unless told. */
  readonly jitter?: number;
  /**
   * The most seconds that the near store keeps an entry before the far one is asked again: how long
   * another process's write may go unseen here. No bound but the ttl unless told.
   */
  readonly nearTtl?: number;
  /** Whether keys and tags appear in telemetry: `plain` unless told. */
  readonly keys?: "plain" | "omit";
  /** Is told of look-ups and writes: a debugger's `emit`; nobody unless told. */
  readonly emit?: CacheEmit;
  /** Whether a look-up whose store fails is a miss, or throws: `degrade` unless told. */
  readonly onStoreError?: "degrade" | "throw";
  /** Where failing stores are logged; a logger named `echelon.cache` unless told. */
  readonly logger?: Logger;
  /** The time in milliseconds since the epoch; `Date.now` unless told. */
  readonly now?: () => number;
  /** The chance that jitter is reckoned with; `Math.random` unless told. */
  readonly random?: () => number;
}
