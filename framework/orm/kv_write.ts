import { setTimeout } from "node:timers/promises";
import { serialize } from "node:v8";
import { KV_LIMITS, tooLarge, valueOf } from "./kv_limits.ts";
import { jitteredMillis, resolveRetry } from "./retry.ts";

/** A value that was to be written, and where. */
export type Write = readonly [key: Deno.KvKey | undefined, value: unknown];

/**
 * What KV says of sizes that only it can measure. It checks them before it writes, so nothing has
 * happened when one of these comes.
 */
const VALUE_TOO_LARGE = /^(?:Value|enqueue payload) too large/;
const ATOMIC_TOO_LARGE = /^Total mutation size too large/;

/** SQLite's word for another process that is writing to the same file. Nothing was written. */
const LOCKED = /^database is locked$/;
const LOCKED_RETRY = resolveRetry({ attempts: 50, baseMillis: 1, maxMillis: 200 });

/**
 * Writes to KV. While another process writes to the same file, KV fails at once instead of waiting
 * its turn: this waits. What KV refuses for its size gets its named error, which KV's own lacks.
 *
 * @param write The call, which may be made again.
 * @param writes What is to be written.
 * @param collection The model's name, for messages.
 */
export async function writeToKv<T>(
  write: () => Promise<T>,
  writes: readonly Write[] = [],
  collection?: string,
): Promise<T> {
  for (let tried = 1;; tried++) {
    try {
      return await write();
    } catch (error) {
      if (!isLocked(error) || tried === LOCKED_RETRY.attempts) {
        throw namedRefusal(error, writes, collection);
      }
      await setTimeout(jitteredMillis(tried, LOCKED_RETRY));
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof TypeError && LOCKED.test(error.message);
}

function namedRefusal(
  error: unknown,
  writes: readonly Write[],
  collection: string | undefined,
): unknown {
  if (!(error instanceof TypeError)) return error;
  if (VALUE_TOO_LARGE.test(error.message)) {
    const sized = writes.map(([key, value]) => ({ key, bytes: valueBytes(value) }));
    const largest = sized.toSorted((a, b) => b.bytes - a.bytes)[0];
    // The measure can fall short of KV's own for values that hold typed arrays or errors.
    const actual = largest && largest.bytes > KV_LIMITS.valueBytes ? largest.bytes : undefined;
    return tooLarge(valueOf(largest?.key, collection), {
      limit: KV_LIMITS.valueBytes,
      actual,
      cause: error,
    });
  }
  if (ATOMIC_TOO_LARGE.test(error.message)) {
    return tooLarge("The transaction", { limit: KV_LIMITS.atomicBytes, cause: error });
  }
  return error;
}

function valueBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.byteLength;
  try {
    return serialize(value).byteLength;
  } catch {
    return 0;
  }
}
