import { authorization, type AuthRequest, splitOnce } from "../auth_request.ts";
import type { PasswordCredentials, PasswordLogin } from "../password_login.ts";
import type { Strategy, Verification } from "../strategy.ts";

/**
 * Proves a user by name and password in `Authorization: Basic` (RFC 7617). Every request hashes the
 * password, and counts as an attempt to log in while it does: for tools, not for browsers.
 */
export class BasicStrategy implements Strategy {
  /** Its name in telemetry. */
  readonly scheme = "basic";
  readonly #passwords: PasswordLogin;

  /** @param passwords What checks them. */
  constructor(passwords: PasswordLogin) {
    this.#passwords = passwords;
  }

  /** Checks the request's name and password. */
  async verify(request: AuthRequest): Promise<Verification | undefined> {
    const encoded = authorization(request.headers, "basic");
    if (encoded === undefined) return undefined;
    const credentials = decode(encoded);
    if (credentials === undefined) return { reason: "malformed" };
    return await this.#passwords.verify(credentials, request.origin.clientAddress);
  }

  /** The challenge, which makes a browser ask. */
  challenge(realm: string): string {
    return `Basic realm=${realm}, charset="UTF-8"`;
  }
}

function decode(encoded: string): PasswordCredentials | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(encoded));
    const [name, password] = splitOnce(text, ":");
    return password === undefined ? undefined : { name, password };
  } catch {
    return undefined;
  }
}
