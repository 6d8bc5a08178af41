import { scrypt, timingSafeEqual } from "node:crypto";
import { PasswordPolicyError } from "./auth_errors.ts";
import { Gate } from "./gate.ts";
import {
  assertCost,
  formatPasswordHash,
  memoryBytes,
  parsePasswordHash,
  type PasswordHash,
  type ScryptCost,
} from "./password_hash.ts";

/** How passwords are hashed. */
export interface PasswordHasherOptions {
  /** What a new hash costs; 32 MiB and about 200 ms (`ln=15, r=8, p=3`) unless told. */
  readonly cost?: ScryptCost;
  /** The fewest characters of a new password; 8 unless told. */
  readonly minLength?: number;
  /** How many hashes are worked out at a time, as each takes its memory; 4 unless told. */
  readonly concurrency?: number;
}

/** What came of checking a password. */
export interface PasswordCheck {
  /** Whether it is the right one. */
  readonly valid: boolean;
  /** Whether it is right and its hash was made at another cost: hash it anew and store that. */
  readonly needsRehash: boolean;
}

// As dear as OWASP's first choice (ln=17, p=1), in a quarter of its memory.
const DEFAULT_COST: ScryptCost = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** More than any password; hashing more would be work at an attacker's order. */
const MAX_PASSWORD_BYTES = 4096;

/**
 * Hashes passwords by scrypt, which costs memory as well as time. The hash says what it was made
 * with, so that the cost can be raised while old hashes still work.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PasswordHasher } from "@echelon/framework/auth";
 *
 * const hasher = new PasswordHasher();
 * const stored = await hasher.hash("correct horse battery staple");
 * const { valid } = await hasher.verify("correct horse battery staple", stored);
 * assert(valid);
 * ```
 */
export class PasswordHasher {
  readonly #cost: ScryptCost;
  readonly #minLength: number;
  readonly #gate: Gate;
  readonly #nobody: PasswordHash;

  /**
   * @param options Every one may be left out.
   * @throws {RangeError} When the cost or the concurrency is out of range.
   */
  constructor(options: PasswordHasherOptions = {}) {
    const { cost = DEFAULT_COST, minLength = 8, concurrency = 4 } = options;
    assertCost(cost);
    this.#cost = cost;
    this.#minLength = Math.max(1, minLength);
    this.#gate = new Gate(concurrency);
    this.#nobody = {
      cost,
      salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
      key: new Uint8Array(KEY_BYTES),
    };
  }

  /**
   * Hashes a new password, under a salt of its own.
   *
   * @returns What to store, in the PHC string format.
   * @throws {PasswordPolicyError} When it is too short or too long.
   */
  async hash(password: string): Promise<string> {
    const length = [...password].length;
    if (length < this.#minLength) {
      throw new PasswordPolicyError(
        `The password has ${length} characters: expected at least ${this.#minLength}`,
      );
    }
    const bytes = encodePassword(password);
    if (bytes.length > MAX_PASSWORD_BYTES) {
      throw new PasswordPolicyError(
        `The password has ${bytes.length} bytes: expected at most ${MAX_PASSWORD_BYTES}`,
      );
    }
    return await this.#hash(bytes);
  }

  /** Hashes a password that was right, at today's cost, whatever today's rules for new ones. */
  async rehash(password: string): Promise<string> {
    return await this.#hash(encodePassword(password));
  }

  /**
   * Checks a password.
   *
   * @param password What was entered.
   * @param stored The stored hash; `undefined` for a user that does not exist, which takes as long
   *   as a wrong password and so does not tell who exists.
   * @throws {PasswordHashError} When the stored hash cannot be read.
   */
  async verify(password: string, stored: string | undefined): Promise<PasswordCheck> {
    const bytes = encodePassword(password);
    if (bytes.length > MAX_PASSWORD_BYTES) return { valid: false, needsRehash: false };
    const expected = stored === undefined ? this.#nobody : parsePasswordHash(stored);
    const key = await this.#derive(bytes, expected);
    const valid = timingSafeEqual(key, expected.key) && stored !== undefined;
    return { valid, needsRehash: valid && !sameCost(expected.cost, this.#cost) };
  }

  async #hash(password: Uint8Array): Promise<string> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const key = await this.#derive(password, { cost: this.#cost, salt, key: this.#nobody.key });
    return formatPasswordHash({ cost: this.#cost, salt, key });
  }

  #derive(password: Uint8Array, { cost, salt, key }: PasswordHash): Promise<Uint8Array> {
    const { ln, r, p } = cost;
    // The default limit is 32 MiB, and it counts more than the algorithm's own memory.
    const options = { N: 2 ** ln, r, p, maxmem: 2 * memoryBytes(cost) + 1024 * 1024 };
    return this.#gate.run(() => {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      scrypt(password, salt, key.length, options, (error, derived) => {
        if (error === null) resolve(derived);
        else reject(error);
      });
      return promise;
    });
  }
}

/** The same characters can be entered in several ways; NFKC makes them one (RFC 8265 asks NFC). */
function encodePassword(password: string): Uint8Array {
  return new TextEncoder().encode(password.normalize("NFKC"));
}

function sameCost(left: ScryptCost, right: ScryptCost): boolean {
  return left.ln === right.ln && left.r === right.r && left.p === right.p;
}
