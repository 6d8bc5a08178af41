import { digestSecret, randomSecret } from "./digest.ts";

/** A user who is logged in, on one device. */
export interface Session {
  /** Names the session; no credential: it cannot be turned back into the cookie's token. */
  readonly id: string;
  /** Whose session it is. */
  readonly userId: string;
  /** When it was begun, in milliseconds since 1970. */
  readonly createdAt: number;
  /** When it was last used, to within a twentieth of the idle time. */
  readonly lastSeenAt: number;
  /** When it ends, however much it is used. */
  readonly expiresAt: number;
  /** What the application keeps with it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A session that was begun, with the token that only its user gets. */
export interface StartedSession {
  /** The secret for the cookie. It is stored nowhere. */
  readonly token: string;
  /** The session. */
  readonly session: Session;
}

/** A session as it is stored, under the hash of its token. */
export interface SessionRecord extends Omit<Session, "id"> {
  /** The versionstamp of its user's epoch when it was begun: `revokeAll` begins another epoch. */
  readonly epoch: string | null;
}

/** Where and how long session records are kept. */
export interface SessionRecordsOptions {
  readonly prefix: Deno.KvKey;
  readonly idleMillis: number;
  readonly now: () => number;
}

/** The records of sessions in KV: one by its id, and one under its user to find it by. */
export class SessionRecords {
  readonly #kv: Deno.Kv;
  readonly #options: SessionRecordsOptions;

  /** @param kv Where they are kept. @param options Under which keys, and for how long. */
  constructor(kv: Deno.Kv, options: SessionRecordsOptions) {
    this.#kv = kv;
    this.#options = options;
  }

  /** The record of an id; its value is `null` where there is none. */
  async get(id: string): Promise<Deno.KvEntryMaybe<SessionRecord>> {
    return await this.#kv.get<SessionRecord>(this.#recordKey(id));
  }

  /** The epoch that a user's sessions belong to: the versionstamp counts. */
  async epoch(userId: string): Promise<Deno.KvEntryMaybe<number>> {
    return await this.#kv.get<number>(this.#epochKey(userId));
  }

  /** Begins another epoch of a user. @returns Its versionstamp. */
  async beginEpoch(userId: string): Promise<string> {
    const { versionstamp } = await this.#kv.set(this.#epochKey(userId), this.#options.now());
    return versionstamp;
  }

  /** The ids of a user's sessions, and the epoch of each. */
  async *ofUser(userId: string): AsyncGenerator<{ id: string; epoch: string | null }> {
    const prefix = [...this.#options.prefix, "user", userId];
    for await (const { key, value } of this.#kv.list<string | null>({ prefix })) {
      yield { id: String(key.at(-1)), epoch: value };
    }
  }

  /** A change to come, of which either all is done or nothing. */
  atomic(): Deno.AtomicOperation {
    return this.#kv.atomic();
  }

  /** Adds a record under a new token. */
  add(operation: Deno.AtomicOperation, record: SessionRecord): StartedSession {
    const token = randomSecret();
    const id = digestSecret(token);
    this.set(operation, id, record);
    return { token, session: sessionOf(id, record) };
  }

  /** Writes a record, which KV may remove once its session is over. */
  set(operation: Deno.AtomicOperation, id: string, record: SessionRecord): void {
    const expireIn = Math.max(1, Math.ceil(this.endOf(record) - this.#options.now()));
    operation
      .set(this.#recordKey(id), record, { expireIn })
      .set(this.#userKey(record.userId, id), record.epoch, { expireIn });
  }

  /** Removes a record. */
  delete(operation: Deno.AtomicOperation, id: string, userId: string): void {
    operation.delete(this.#recordKey(id)).delete(this.#userKey(userId, id));
  }

  /** When a session is over if it is not used again. */
  endOf(record: SessionRecord): number {
    return Math.min(record.expiresAt, record.lastSeenAt + this.#options.idleMillis);
  }

  /** Whether a session is over. KV removes what has expired some time later, so this is checked. */
  isOver(record: SessionRecord): boolean {
    return this.#options.now() >= this.endOf(record);
  }

  #recordKey(id: string): Deno.KvKey {
    return [...this.#options.prefix, "record", id];
  }

  #userKey(userId: string, id: string): Deno.KvKey {
    return [...this.#options.prefix, "user", userId, id];
  }

  #epochKey(userId: string): Deno.KvKey {
    return [...this.#options.prefix, "epoch", userId];
  }
}

/** A record as the application sees it. */
export function sessionOf(id: string, { epoch: _, ...session }: SessionRecord): Session {
  return { id, ...session };
}
