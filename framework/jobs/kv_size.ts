import { serialize } from "node:v8";
import { InvalidJobDataError, JobTooLargeError } from "./errors.ts";

/**
 * Measures a value, before Deno KV is asked: it keeps what V8's serialiser makes of values.
 *
 * @param what What the value is, for the error's message.
 * @param value The value.
 * @param maxBytes How large it may be.
 * @returns Its size in bytes.
 * @throws {InvalidJobDataError} When it cannot be serialised.
 * @throws {JobTooLargeError} When it is larger.
 */
export function measure(what: string, value: unknown, maxBytes: number): number {
  let bytes: number;
  try {
    bytes = serialize(value).byteLength;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidJobDataError(`The ${what} cannot be stored: ${reason}`, { cause });
  }
  if (bytes > maxBytes) {
    throw new JobTooLargeError(
      `The ${what} would take ${bytes} bytes of at most ${maxBytes}: ` +
        "store them elsewhere and keep a reference",
    );
  }
  return bytes;
}
