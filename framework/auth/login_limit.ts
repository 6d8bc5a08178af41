import { digestSecret } from "./digest.ts";
import { networkOf } from "../http/network.ts";
import { assertPositive } from "./options.ts";

/** How many attempts in how long. */
export interface AttemptRate {
  /** The most attempts in a window. */
  readonly attempts: number;
  /** How long a window is, from its first attempt, in milliseconds. */
  readonly windowMillis: number;
}

/** How attempts to log in are limited. */
export interface LoginLimitOptions {
  /** For one account, from wherever; 10 in 15 minutes unless told. */
  readonly account?: AttemptRate;
  /** For one address (or IPv6 network), whatever the account; 100 in 15 minutes unless told. */
  readonly address?: AttemptRate;
  /** Where its keys begin; `["auth", "login"]` unless told. */
  readonly prefix?: Deno.KvKey;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  /** The name that was entered; case and form do not matter. */
  readonly account: string;
  /** The client's address, where it is known. */
  readonly address?: string | undefined;
}

interface Count {
  readonly used: number;
  readonly endsAt: number;
}

interface Counter {
  readonly key: Deno.KvKey;
  readonly rate: AttemptRate;
}

const QUARTER_HOUR_MILLIS = 15 * 60 * 1000;
/** How often a count is tried against others who count; then the attempt is refused. */
const MAX_TRIES = 64;

/**
 * Limits attempts to log in, in KV, so that all processes count together. An attempt is counted
 * before the password is looked at: guesses sent all at once are limited as those in a row. Every
 * count expires with its window, and a refused attempt writes nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { LoginLimit } from "@echelon/framework/auth";
 *
 * using kv = await Deno.openKv(":memory:");
 * const limit = new LoginLimit(kv, { account: { attempts: 1, windowMillis: 60_000 } });
 * assert(await limit.take({ account: "ada" }) === undefined);
 * assert(await limit.take({ account: "Ada" }) === 60);
 * ```
 */
export class LoginLimit {
  readonly #kv: Deno.Kv;
  readonly #account: AttemptRate;
  readonly #address: AttemptRate;
  readonly #prefix: Deno.KvKey;
  readonly #now: () => number;

  /**
   * @param kv Where attempts are counted.
   * @param options Every one may be left out.
   * @throws {RangeError} When a rate is not positive.
   */
  constructor(kv: Deno.Kv, options: LoginLimitOptions = {}) {
    this.#kv = kv;
    this.#account = options.account ?? { attempts: 10, windowMillis: QUARTER_HOUR_MILLIS };
    this.#address = options.address ?? { attempts: 100, windowMillis: QUARTER_HOUR_MILLIS };
    this.#prefix = options.prefix ?? ["auth", "login"];
    this.#now = options.now ?? Date.now;
    assertPositive({ ...this.#account });
    assertPositive({ ...this.#address });
  }

  /**
   * Counts an attempt.
   *
   * @returns `undefined` when it may be made, or in how many seconds to try again.
   */
  async take(attempt: LoginAttempt): Promise<number | undefined> {
    const counters = this.#counters(attempt);
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const now = this.#now();
      const entries = await this.#kv.getMany<Count[]>(counters.map(({ key }) => key));
      const windows = counters.map(({ key, rate }, index) => (
        { key, rate, ...currentCount(entries[index], rate, now) }
      ));
      const full = windows.filter(({ used, rate }) => used >= rate.attempts);
      if (full.length > 0) {
        return Math.ceil((Math.max(...full.map(({ endsAt }) => endsAt)) - now) / 1000);
      }
      const operation = this.#kv.atomic().check(...entries);
      for (const { key, used, endsAt } of windows) {
        operation.set(key, { used: used + 1, endsAt }, { expireIn: Math.ceil(endsAt - now) });
      }
      if ((await operation.commit()).ok) return undefined;
      await jitter(tries);
    }
    return 1;
  }

  /**
   * Takes back what was counted for an attempt that turned out right: all of the account's, and
   * this one of the address's, so that who knows one password cannot try others for ever.
   */
  async succeed(attempt: LoginAttempt): Promise<void> {
    const [account, address] = this.#counters(attempt);
    if (account !== undefined) await this.#kv.delete(account.key);
    if (address === undefined) return;
    for (let tries = 1; tries <= MAX_TRIES; tries++) {
      const entry = await this.#kv.get<Count>(address.key);
      const now = this.#now();
      if (entry.value === null || entry.value.endsAt <= now) return;
      const { used, endsAt } = entry.value;
      const { ok } = await this.#kv.atomic()
        .check(entry)
        .set(address.key, { used: Math.max(0, used - 1), endsAt }, {
          expireIn: Math.ceil(endsAt - now),
        })
        .commit();
      if (ok) return;
      await jitter(tries);
    }
  }

  #counters({ account, address }: LoginAttempt): Counter[] {
    const name = digestSecret(account.normalize("NFKC").toLowerCase());
    const counters: Counter[] = [
      { key: [...this.#prefix, "account", name], rate: this.#account },
    ];
    if (address !== undefined) {
      const network = digestSecret(networkOf(address));
      counters.push({ key: [...this.#prefix, "address", network], rate: this.#address });
    }
    return counters;
  }
}

/** The count of the window that runs now, or that begins now. */
function currentCount(
  entry: Deno.KvEntryMaybe<Count> | undefined,
  { windowMillis }: AttemptRate,
  now: number,
): Count {
  const count = entry?.value ?? undefined;
  return count !== undefined && count.endsAt > now
    ? count
    : { used: 0, endsAt: now + windowMillis };
}

/** Lets those who count at the same moment go one after another. */
function jitter(tries: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(tries, 16)));
}
