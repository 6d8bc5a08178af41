import type { ApiKeys } from "../api_keys.ts";
import type { AuthRequest } from "../auth_request.ts";
import type { Strategy, Verification } from "../strategy.ts";

/** Proves a user by an API key in a header. */
export class ApiKeyStrategy implements Strategy {
  /** Its name in telemetry. */
  readonly scheme = "api_key";
  readonly #keys: ApiKeys;
  readonly #header: string;

  /**
   * @param keys Where they are kept.
   * @param options The header; `X-API-Key` unless told. Never the query: URLs are logged.
   */
  constructor(keys: ApiKeys, options: { readonly header?: string } = {}) {
    this.#keys = keys;
    this.#header = options.header ?? "x-api-key";
  }

  /** Checks the request's key. */
  async verify(request: AuthRequest): Promise<Verification | undefined> {
    const secret = request.headers.get(this.#header);
    if (secret === null) return undefined;
    const key = await this.#keys.check(secret);
    if (typeof key === "string") return { reason: key };
    return { userId: key.userId, scopes: key.scopes };
  }

  /** The challenge: no scheme is registered for API keys, so this one names the header. */
  challenge(realm: string): string {
    return `ApiKey realm=${realm}, header="${this.#header}"`;
  }
}
