import type { JSONWebKeySet, JWK } from "jose";
import { assertSigningKey } from "./digest.ts";

/** A secret for the HS algorithms, or a key for the others. */
export type JwtKey = string | Uint8Array | CryptoKey | JWK;

/** The algorithms that tokens may be signed by; `none` is not one of them. */
export type JwtAlgorithm =
  | "HS256"
  | "HS384"
  | "HS512"
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

const ALGORITHM = /^(?:(?:HS|RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)$/;

/**
 * Refuses algorithms that a key is not for. To verify a public key's text as an HS secret is how
 * tokens are forged (RFC 8725, section 2.1), so the two kinds never mix.
 *
 * @throws {TypeError} When the algorithms are none, unknown, or not for the key.
 * @throws {RangeError} When a secret is too short.
 */
export function assertJwtKey(
  key: JwtKey | JSONWebKeySet | URL,
  algorithms: readonly string[],
  usage: "sign" | "verify",
): void {
  if (algorithms.length === 0) {
    throw new TypeError(`The option "algorithms" is empty: expected what the key signs by`);
  }
  for (const algorithm of algorithms) {
    if (ALGORITHM.test(algorithm)) continue;
    throw new TypeError(
      `The algorithm "${algorithm}" is not accepted: expected one such as "ES256"`,
    );
  }
  if (!isKeySet(key) && algorithms.length > 1) {
    throw new TypeError(
      `A single key is used by ${algorithms.length} algorithms: expected one, or a set of keys`,
    );
  }
  algorithms.forEach((algorithm) => assertKind(key, algorithm));
  if (key instanceof CryptoKey && !key.usages.includes(usage)) {
    throw new TypeError(`The key is for "${key.usages.join('", "')}": expected one to ${usage}`);
  }
}

/** What each family of algorithms needs: a JWK's `kty`, and a `CryptoKey`'s algorithm. */
const FAMILIES: Readonly<Record<string, { readonly kty: string; readonly name: string }>> = {
  HS: { kty: "oct", name: "HMAC" },
  RS: { kty: "RSA", name: "RSASSA-PKCS1-v1_5" },
  PS: { kty: "RSA", name: "RSA-PSS" },
  ES: { kty: "EC", name: "ECDSA" },
  Ed: { kty: "OKP", name: "Ed25519" },
};

function assertKind(key: JwtKey | JSONWebKeySet | URL, algorithm: string): void {
  const family = FAMILIES[algorithm.slice(0, 2)];
  const fail = (found: string) => {
    throw new TypeError(`The key is ${found}, which the algorithm "${algorithm}" cannot use`);
  };
  if (isKeySet(key)) {
    // A published secret would be none.
    if (family?.kty === "oct") fail("a set of public keys");
  } else if (typeof key === "string" || key instanceof Uint8Array) {
    if (family?.kty !== "oct") fail("a secret");
    if (typeof key === "string" && key.includes("-----BEGIN")) fail("PEM text");
    assertSigningKey(key, "key");
  } else if (key instanceof CryptoKey) {
    if (key.algorithm.name !== family?.name) fail(`for "${key.algorithm.name}"`);
  } else if (key.kty !== family?.kty) {
    fail(`a JWK with the "kty" "${key.kty}"`);
  }
}

/** Whether a key is a set of them, here or elsewhere. */
export function isKeySet(key: JwtKey | JSONWebKeySet | URL): key is JSONWebKeySet | URL {
  // By its value: bytes have a method of that name.
  return key instanceof URL || typeof key === "object" && "keys" in key && Array.isArray(key.keys);
}

/** A key as the library takes it. */
export function keyMaterial(key: JwtKey): Uint8Array | CryptoKey | JWK {
  return typeof key === "string" ? new TextEncoder().encode(key) : key;
}
