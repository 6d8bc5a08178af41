import { digestSecret } from "./digest.ts";
import { assertPositive, assertUserId } from "./options.ts";
import { type Session, sessionOf, SessionRecords, type StartedSession } from "./session_records.ts";

/** How sessions live. */
export interface SessionsOptions {
  /** How long a session lives unused, in milliseconds; a day unless told. */
  readonly idleMillis?: number;
  /** How long a session lives at most, in milliseconds; 30 days unless told. */
  readonly absoluteMillis?: number;
  /** Where its keys begin; `["auth", "session"]` unless told. */
  readonly prefix?: Deno.KvKey;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What to begin a session with. */
export interface StartSessionOptions {
  /** The token of a session that this one takes the place of. */
  readonly replaces?: string | undefined;
  /** What the application keeps with the session, within the 64 KiB of a KV value. */
  readonly data?: Readonly<Record<string, unknown>>;
}

const DAY_MILLIS = 24 * 60 * 60 * 1000;
/** How many times per idle time a session's use is written down: a read must not be a write. */
const TOUCHES_PER_IDLE_TIME = 20;

/**
 * Sessions in KV. Each has a random token that is stored hashed, so that who reads the store can
 * use none; it ends when unused, when its time is over, or when it is revoked.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Sessions } from "@echelon/framework/auth";
 *
 * using kv = await Deno.openKv(":memory:");
 * const sessions = new Sessions(kv);
 * const { token } = await sessions.start("ada");
 * assert((await sessions.read(token))?.userId === "ada");
 * await sessions.revokeAll("ada");
 * assert(await sessions.read(token) === undefined);
 * ```
 */
export class Sessions {
  /** How long a session lives at most, in milliseconds. */
  readonly absoluteMillis: number;
  readonly #records: SessionRecords;
  readonly #touchMillis: number;
  readonly #now: () => number;

  /**
   * @param kv Where they are kept.
   * @param options Every one may be left out.
   * @throws {RangeError} When a time is not positive.
   */
  constructor(kv: Deno.Kv, options: SessionsOptions = {}) {
    const { idleMillis = DAY_MILLIS, absoluteMillis = 30 * DAY_MILLIS } = options;
    const { prefix = ["auth", "session"], now = Date.now } = options;
    assertPositive({ idleMillis, absoluteMillis });
    this.absoluteMillis = absoluteMillis;
    this.#records = new SessionRecords(kv, { prefix, idleMillis, now });
    this.#touchMillis = idleMillis / TOUCHES_PER_IDLE_TIME;
    this.#now = now;
  }

  /**
   * Begins a session under a new token; the session it replaces is over in the same moment.
   *
   * @throws {TypeError} When the user's id is empty or too long for a key.
   */
  async start(userId: string, options: StartSessionOptions = {}): Promise<StartedSession> {
    assertUserId(userId);
    const createdAt = this.#now();
    const expiresAt = createdAt + this.absoluteMillis;
    const begun = { userId, createdAt, lastSeenAt: createdAt, expiresAt, data: options.data ?? {} };
    const replaced = options.replaces === undefined ? undefined : digestSecret(options.replaces);
    while (true) {
      const old = replaced === undefined ? undefined : await this.#records.get(replaced);
      const epoch = await this.#records.epoch(userId);
      const operation = this.#records.atomic().check(epoch);
      if (replaced !== undefined && old?.value) {
        this.#records.delete(operation, replaced, old.value.userId);
      }
      const started = this.#records.add(operation, { ...begun, epoch: epoch.versionstamp });
      // Fails only against a revokeAll of this user: the next round begins after it.
      if ((await operation.commit()).ok) return started;
    }
  }

  /**
   * The session of a token; its end is put off by the idle time.
   *
   * @returns The session, or why there is none: `invalid` (unknown or revoked) or `expired`.
   */
  async check(token: string): Promise<Session | "invalid" | "expired"> {
    const id = digestSecret(token);
    const entry = await this.#records.get(id);
    if (entry.value === null) return "invalid";
    if (this.#records.isOver(entry.value)) return "expired";
    const now = this.#now();
    if (now - entry.value.lastSeenAt < this.#touchMillis) return sessionOf(id, entry.value);
    const touched = { ...entry.value, lastSeenAt: now };
    // The check keeps a revoked session from coming back; a failure means another was faster.
    const operation = this.#records.atomic().check(entry);
    this.#records.set(operation, id, touched);
    await operation.commit();
    return sessionOf(id, touched);
  }

  /** The session of a token, its end put off by the idle time; `undefined` where it is over. */
  async read(token: string): Promise<Session | undefined> {
    const found = await this.check(token);
    return typeof found === "string" ? undefined : found;
  }

  /**
   * Gives a session a new token, as its user's rights change; the old one is worth nothing from
   * then on, and the session's end stays where it was.
   *
   * @returns `undefined` where the session is over.
   */
  async rotate(token: string): Promise<StartedSession | undefined> {
    const id = digestSecret(token);
    while (true) {
      const entry = await this.#records.get(id);
      if (entry.value === null || this.#records.isOver(entry.value)) return undefined;
      const { userId } = entry.value;
      const epoch = await this.#records.epoch(userId);
      // A session of an earlier epoch is about to be removed: it must not slip away.
      if (entry.value.epoch !== epoch.versionstamp) return undefined;
      const operation = this.#records.atomic().check(entry, epoch);
      this.#records.delete(operation, id, userId);
      const rotated = this.#records.add(operation, { ...entry.value, lastSeenAt: this.#now() });
      if ((await operation.commit()).ok) return rotated;
    }
  }

  /** Ends the session of a token. @returns Whether there was one. */
  async revoke(token: string): Promise<boolean> {
    return await this.revokeById(digestSecret(token));
  }

  /** Ends the session of an id, as a list of devices offers. @returns Whether there was one. */
  async revokeById(id: string): Promise<boolean> {
    const { value } = await this.#records.get(id);
    if (value === null) return false;
    const operation = this.#records.atomic();
    this.#records.delete(operation, id, value.userId);
    await operation.commit();
    return true;
  }

  /**
   * Ends every session that a user began before this call, as after a change of password. What is
   * begun meanwhile belongs to a later login and stays.
   *
   * @returns How many there were.
   */
  async revokeAll(userId: string): Promise<number> {
    assertUserId(userId);
    const current = await this.#records.beginEpoch(userId);
    let count = 0;
    for await (const { id, epoch } of this.#records.ofUser(userId)) {
      if (epoch === current) continue;
      const operation = this.#records.atomic();
      this.#records.delete(operation, id, userId);
      await operation.commit();
      count += 1;
    }
    return count;
  }

  /** A user's sessions that are not over, the newest first. */
  async list(userId: string): Promise<Session[]> {
    assertUserId(userId);
    const sessions: Session[] = [];
    for await (const { id } of this.#records.ofUser(userId)) {
      const { value } = await this.#records.get(id);
      if (value === null || this.#records.isOver(value)) continue;
      sessions.push(sessionOf(id, value));
    }
    return sessions.sort((left, right) => right.createdAt - left.createdAt);
  }
}
