import { checkedNumber } from "./option_checks.ts";

/** How much a rate lets through. */
export interface RateLimit {
  /** The average; 0.1 is one in ten seconds. */
  readonly tracesPerSecond: number;
  /** How many may come at once after a quiet time; `tracesPerSecond`, and at least 1, unless told. */
  readonly burst?: number | undefined;
  /** A clock that never goes back, in milliseconds; `performance.now` unless told. */
  readonly clock?: (() => number) | undefined;
}

/** The keys of a {@linkcode RateLimit}. */
export const RATE_LIMIT_KEYS = ["tracesPerSecond", "burst", "clock"] as const;

/** Lets through an average rate, with bursts of a bounded size. */
export class TokenBucket {
  readonly #tokensPerMilli: number;
  readonly #burst: number;
  readonly #clock: () => number;
  #tokens: number;
  #filledAt: number;

  /**
   * @param limit The rate.
   * @param name What the limit is called in an error.
   * @throws {RangeError} When a number is out of range.
   */
  constructor(limit: RateLimit, name: string) {
    const perSecond = checkedNumber(`${name}.tracesPerSecond`, limit.tracesPerSecond, 0);
    this.#burst = checkedNumber(`${name}.burst`, limit.burst ?? Math.max(1, perSecond), 1);
    this.#tokensPerMilli = perSecond / 1000;
    this.#clock = limit.clock ?? (() => performance.now());
    // A rate of nothing means none, not one burst and then none.
    this.#tokens = perSecond === 0 ? 0 : this.#burst;
    this.#filledAt = this.#clock();
  }

  /** Takes a token, where there is one. */
  take(): boolean {
    const now = this.#clock();
    // A clock that goes back all the same must neither fill nor freeze the bucket.
    const passed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    this.#tokens = Math.min(this.#burst, this.#tokens + passed * this.#tokensPerMilli);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
