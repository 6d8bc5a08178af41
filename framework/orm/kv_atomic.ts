import { type KvKeyError, type KvLimitError, KvQueueError } from "./kv_errors.ts";
import { KV_LIMITS, refusedKey, refusedValue, tooMany } from "./kv_limits.ts";
import { type Write, writeToKv } from "./kv_write.ts";
import { type DbScope, isObserved, setBatchSize, setCommitted, withDbSpan } from "./telemetry.ts";

type Enqueue = Parameters<Deno.AtomicOperation["enqueue"]>;

/**
 * A transaction that is one `kv.atomic` span when it is committed. What KV would refuse is refused
 * by `commit()` before the call, with an error whose stack shows the line that added it.
 */
export class TracedAtomicOperation implements Deno.AtomicOperation {
  readonly #operation: Deno.AtomicOperation;
  readonly #scope: DbScope;
  readonly #remote: boolean;
  readonly #writes: Write[] = [];
  #checks = 0;
  #mutations = 0;
  #refused: KvKeyError | KvLimitError | KvQueueError | undefined;

  /**
   * @param operation KV's own transaction, still empty.
   * @param scope What the span says of where it went.
   * @param remote Whether the KV was opened by a remote URL, which has no queues.
   */
  constructor(operation: Deno.AtomicOperation, scope: DbScope, remote: boolean) {
    this.#operation = operation;
    this.#scope = scope;
    this.#remote = remote;
  }

  /** Adds checks of versions. */
  check(...checks: Deno.AtomicCheck[]): this {
    for (const { key } of checks) this.#refused ??= refusedKey(key, this.#scope.collection);
    this.#checks += checks.length;
    this.#operation.check(...checks);
    return this;
  }

  /** Adds mutations. */
  mutate(...mutations: Deno.KvMutation[]): this {
    for (const mutation of mutations) {
      this.#mutates(mutation.key, "value" in mutation ? mutation.value : undefined);
    }
    this.#operation.mutate(...mutations);
    return this;
  }

  /** Adds to a counter. */
  sum(key: Deno.KvKey, n: bigint): this {
    this.#mutates(key, undefined);
    this.#operation.sum(key, n);
    return this;
  }

  /** Lowers a counter to a value, where it is above it. */
  min(key: Deno.KvKey, n: bigint): this {
    this.#mutates(key, undefined);
    this.#operation.min(key, n);
    return this;
  }

  /** Raises a counter to a value, where it is below it. */
  max(key: Deno.KvKey, n: bigint): this {
    this.#mutates(key, undefined);
    this.#operation.max(key, n);
    return this;
  }

  /** Sets a key. */
  set(key: Deno.KvKey, value: unknown, options?: { expireIn?: number }): this {
    this.#mutates(key, value);
    this.#operation.set(key, value, options);
    return this;
  }

  /** Deletes a key. */
  delete(key: Deno.KvKey): this {
    this.#mutates(key, undefined);
    this.#operation.delete(key);
    return this;
  }

  /** Enqueues a message, delivered only if the transaction is written. */
  enqueue(value: Enqueue[0], options?: Enqueue[1]): this {
    if (this.#remote) this.#refused ??= new KvQueueError("enqueue");
    this.#refused ??= refusedValue(value, undefined, this.#scope.collection);
    this.#writes.push([undefined, value]);
    this.#mutations++;
    this.#operation.enqueue(value, options);
    return this;
  }

  /**
   * Writes it all, or nothing.
   *
   * @returns `ok: false` where a check failed.
   * @throws {KvLimitError} When it is more than KV takes at once.
   * @throws {KvKeyError} When a key is none.
   * @throws {KvQueueError} When a message was enqueued on a remote KV.
   */
  commit(): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    const refused = this.#refused ?? this.#tooMany();
    if (refused !== undefined) return Promise.reject(refused);
    if (!isObserved(this.#scope)) return this.#commit();
    return withDbSpan("kv.atomic", this.#scope, async (span) => {
      setBatchSize(span, this.#mutations);
      const result = await this.#commit();
      setCommitted(span, result.ok);
      return result;
    });
  }

  #commit(): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    return writeToKv(() => this.#operation.commit(), this.#writes, this.#scope.collection);
  }

  #mutates(key: Deno.KvKey, value: unknown): void {
    const { collection } = this.#scope;
    this.#refused ??= refusedKey(key, collection) ?? refusedValue(value, key, collection);
    if (typeof value === "object" || typeof value === "string") this.#writes.push([key, value]);
    this.#mutations++;
  }

  #tooMany(): KvLimitError | undefined {
    if (this.#mutations > KV_LIMITS.mutations) {
      return tooMany("mutations", this.#mutations, KV_LIMITS.mutations);
    }
    return this.#checks > KV_LIMITS.checks
      ? tooMany("checks", this.#checks, KV_LIMITS.checks)
      : undefined;
  }
}
