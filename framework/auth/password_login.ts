import type { LoginLimit } from "./login_limit.ts";
import { PasswordHasher } from "./password.ts";
import type { Verification } from "./strategy.ts";

/** What is stored of a user who logs in by password. */
export interface PasswordAccount {
  /** Whose it is. */
  readonly userId: string;
  /** What {@linkcode PasswordHasher.hash} gave. */
  readonly passwordHash: string;
}

/** A name and a password, as they were entered. */
export interface PasswordCredentials {
  /** The name to log in by. */
  readonly name: string;
  /** The password. */
  readonly password: string;
}

/** How users log in by password. */
export interface PasswordLoginOptions {
  /** Finds what is stored under a name. */
  readonly findAccount: (
    name: string,
  ) => PasswordAccount | undefined | Promise<PasswordAccount | undefined>;
  /**
   * Stores a hash made at today's cost. Store it only where `account.passwordHash` still stands, or
   * a password that was changed in between comes back. Without this function old hashes stay.
   */
  readonly saveHash?: (account: PasswordAccount, passwordHash: string) => void | Promise<void>;
  /** What hashes; one at the default cost unless told. */
  readonly hasher?: PasswordHasher;
  /** What limits attempts. Without it passwords can be guessed as fast as they are hashed. */
  readonly limit?: LoginLimit;
}

/** Far more than any name; it keeps what is looked up within the limits of a store. */
const MAX_NAME_LENGTH = 512;

/** Checks names and passwords: limited, and in the same time whether the name exists or not. */
export class PasswordLogin {
  readonly #options: PasswordLoginOptions;
  readonly #hasher: PasswordHasher;

  /** @param options Where accounts are found. */
  constructor(options: PasswordLoginOptions) {
    this.#options = options;
    this.#hasher = options.hasher ?? new PasswordHasher();
  }

  /**
   * Checks a name and a password.
   *
   * @param credentials What was entered.
   * @param address The client's address, where it is known.
   * @returns Whose they are, or why they are refused.
   */
  async verify(credentials: PasswordCredentials, address?: string): Promise<Verification> {
    const { name, password } = credentials;
    // Declared as text, but credentials come from parsed bodies.
    if (typeof name !== "string" || typeof password !== "string") return { reason: "malformed" };
    if (name.length > MAX_NAME_LENGTH) return { reason: "invalid" };
    const { findAccount, limit } = this.#options;
    const attempt = { account: name, address };
    const retryAfterSeconds = await limit?.take(attempt);
    if (retryAfterSeconds !== undefined) return { reason: "rate_limited", retryAfterSeconds };
    const account = await findAccount(name);
    const { valid, needsRehash } = await this.#hasher.verify(password, account?.passwordHash);
    if (!valid || account === undefined) return { reason: "invalid" };
    await limit?.succeed(attempt);
    if (needsRehash) await this.#rehash(account, password);
    return { userId: account.userId };
  }

  async #rehash(account: PasswordAccount, password: string): Promise<void> {
    const { saveHash } = this.#options;
    if (saveHash === undefined) return;
    await saveHash(account, await this.#hasher.rehash(password));
  }
}
