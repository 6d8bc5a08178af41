import { PasswordHashError } from "./auth_errors.ts";

/** What a scrypt hash costs (RFC 7914): memory 128 · r · 2^ln bytes, time that times p. */
export interface ScryptCost {
  /** The base-2 logarithm of N. */
  readonly ln: number;
  /** The block size. */
  readonly r: number;
  /** How many times in a row. */
  readonly p: number;
}

/** A stored hash, read. */
export interface PasswordHash {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** What a stored hash may ask for: a spoilt or planted one must not take the machine down. */
const MAX_MEMORY_BYTES = 1024 * 1024 * 1024;
const MAX_PARALLELISM = 16;
const MIN_SALT_BYTES = 8;
const MIN_KEY_BYTES = 16;
const MAX_BYTES = 64;

const FORMAT =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** How much memory one hash of this cost takes. */
export function memoryBytes({ ln, r }: ScryptCost): number {
  return 128 * r * 2 ** ln;
}

/**
 * Refuses a cost that scrypt or the machine cannot bear.
 *
 * @throws {RangeError} When a parameter is out of range.
 */
export function assertCost(cost: ScryptCost): void {
  const { ln, r, p } = cost;
  const whole = [ln, r, p].every((value) => Number.isInteger(value) && value >= 1);
  if (whole && p <= MAX_PARALLELISM && memoryBytes(cost) <= MAX_MEMORY_BYTES) return;
  throw new RangeError(
    `The scrypt cost ln=${ln}, r=${r}, p=${p} is out of range: ` +
      `expected positive integers, p of at most ${MAX_PARALLELISM}, and 1 GiB of memory at most`,
  );
}

/** A hash as it is stored, in the PHC string format: it says what it was made with. */
export function formatPasswordHash({ cost: { ln, r, p }, salt, key }: PasswordHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(key)}`;
}

/**
 * Reads a stored hash.
 *
 * @throws {PasswordHashError} When it is none, or asks for more than a hash may cost.
 */
export function parsePasswordHash(stored: string): PasswordHash {
  const [, ln, r, p, salt = "", key = ""] = FORMAT.exec(stored) ?? [];
  if (ln === undefined) {
    throw new PasswordHashError(
      `The stored password hash is malformed: expected "$scrypt$ln=…,r=…,p=…$salt$hash"`,
    );
  }
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  try {
    assertCost(cost);
    return { cost, salt: decode(salt, MIN_SALT_BYTES), key: decode(key, MIN_KEY_BYTES) };
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : "Its base64 is not valid";
    // Without the cause: a decoder's message may quote what it was given.
    throw new PasswordHashError(`The stored password hash cannot be used. ${reason}`);
  }
}

function encode(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}

function decode(text: string, least: number): Uint8Array {
  const bytes = Uint8Array.fromBase64(text);
  if (bytes.length >= least && bytes.length <= MAX_BYTES) return bytes;
  throw new RangeError(
    `The salt or hash has ${bytes.length} bytes: expected ${least} to ${MAX_BYTES}`,
  );
}
