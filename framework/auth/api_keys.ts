import { digestSecret, randomSecret } from "./digest.ts";
import { assertUserId } from "./options.ts";
import { assertGrant } from "./permissions.ts";

/** A key that a program uses in its user's name. */
export interface ApiKey {
  /** Names the key; no credential. */
  readonly id: string;
  /** In whose name it is used. */
  readonly userId: string;
  /** What it is for, as its user said. */
  readonly name: string;
  /** The permissions it is limited to; without them, all that its user may. */
  readonly scopes?: readonly string[];
  /** When it was made, in milliseconds since 1970. */
  readonly createdAt: number;
  /** When it stops being good, where it ever does. */
  readonly expiresAt?: number;
}

/** What a new key is made with. */
export interface CreateApiKeyOptions {
  /** What it is for, as a list of keys shows it. */
  readonly name: string;
  /** The permissions it is limited to, wildcards allowed; without them, all that its user may. */
  readonly scopes?: readonly string[];
  /** When it stops being good, in milliseconds since 1970; never unless told. */
  readonly expiresAt?: number;
}

/** Where keys are kept and how they look. */
export interface ApiKeysOptions {
  /** Where their entries in KV begin; `["auth", "api_key"]` unless told. */
  readonly prefix?: Deno.KvKey;
  /** What each key begins with, for people and scanners of secrets to know it; `ek` unless told. */
  readonly mark?: string;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * API keys in KV: random, stored hashed, revocable one by one, limited to scopes where asked.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ApiKeys } from "@echelon/framework/auth";
 *
 * using kv = await Deno.openKv(":memory:");
 * const keys = new ApiKeys(kv);
 * const { secret } = await keys.create("ada", { name: "nightly export", scopes: ["orders:read"] });
 * assert(secret.startsWith("ek_"));
 * ```
 */
export class ApiKeys {
  readonly #kv: Deno.Kv;
  readonly #prefix: Deno.KvKey;
  readonly #mark: string;
  readonly #now: () => number;

  /** @param kv Where they are kept. @param options Every one may be left out. */
  constructor(kv: Deno.Kv, options: ApiKeysOptions = {}) {
    this.#kv = kv;
    this.#prefix = options.prefix ?? ["auth", "api_key"];
    this.#mark = options.mark ?? "ek";
    this.#now = options.now ?? Date.now;
  }

  /**
   * Makes a key.
   *
   * @returns The key, and the secret to give to its user: it is stored nowhere.
   * @throws {TypeError} When the user's id or a scope is not valid.
   */
  async create(
    userId: string,
    options: CreateApiKeyOptions,
  ): Promise<{ readonly secret: string; readonly key: ApiKey }> {
    assertUserId(userId);
    const { name, scopes, expiresAt } = options;
    scopes?.forEach((scope) => assertGrant(scope, `the API key "${name}"`));
    const secret = `${this.#mark}_${randomSecret()}`;
    const key: ApiKey = {
      id: digestSecret(secret),
      userId,
      name,
      createdAt: this.#now(),
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    await this.#kv.atomic()
      .set(this.#key("record", key.id), key)
      .set(this.#key("user", userId, key.id), null)
      .commit();
    return { secret, key };
  }

  /** The key of a secret, or why there is none. */
  async check(secret: string): Promise<ApiKey | "invalid" | "expired"> {
    const { value } = await this.#kv.get<ApiKey>(this.#key("record", digestSecret(secret)));
    if (value === null) return "invalid";
    return value.expiresAt !== undefined && this.#now() >= value.expiresAt ? "expired" : value;
  }

  /** Takes a key back. @returns Whether there was one. */
  async revoke(id: string): Promise<boolean> {
    const { value } = await this.#kv.get<ApiKey>(this.#key("record", id));
    if (value === null) return false;
    await this.#kv.atomic()
      .delete(this.#key("record", id))
      .delete(this.#key("user", value.userId, id))
      .commit();
    return true;
  }

  /** A user's keys, the newest first, those that have expired too. */
  async list(userId: string): Promise<ApiKey[]> {
    assertUserId(userId);
    const keys: ApiKey[] = [];
    for await (const { key } of this.#kv.list({ prefix: this.#key("user", userId) })) {
      const { value } = await this.#kv.get<ApiKey>(this.#key("record", String(key.at(-1))));
      if (value !== null) keys.push(value);
    }
    return keys.sort((left, right) => right.createdAt - left.createdAt);
  }

  #key(...parts: string[]): Deno.KvKey {
    return [...this.#prefix, ...parts];
  }
}
