import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** How many random bytes a secret of ours has: 256 bits, beyond guessing. */
const SECRET_BYTES = 32;

/** A new secret that nobody can guess, as base64url. */
export function randomSecret(bytes: number = SECRET_BYTES): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/**
 * What is stored in place of a random secret. A fast hash will do: with 256 random bits there is
 * nothing to guess, unlike a password.
 */
export function digestSecret(secret: string): string {
  return hash("sha256", secret, "base64url");
}

/** An HMAC-SHA256 over parts, which cannot be shifted into each other. */
export function sign(key: string, parts: readonly string[]): string {
  return createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function equalInConstantTime(left: string, right: string): boolean {
  const encoder = new TextEncoder();
  const [a, b] = [encoder.encode(left), encoder.encode(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The fewest bytes of a key for HMAC-SHA256: as many as it gives out (RFC 2104, section 3). */
const MIN_KEY_BYTES = 32;

/**
 * Refuses a key that is too short to sign with.
 *
 * @param key The key.
 * @param where Which option it came from.
 * @throws {RangeError} When it has fewer than 32 bytes.
 */
export function assertSigningKey(key: string | Uint8Array, where: string): void {
  const { length } = typeof key === "string" ? new TextEncoder().encode(key) : key;
  if (length >= MIN_KEY_BYTES) return;
  throw new RangeError(
    `The key in "${where}" has ${length} bytes: expected at least ${MIN_KEY_BYTES} random ones`,
  );
}
