/** What stands in place of a secret. */
export const REDACTED = "REDACTED";

/**
 * Query keys whose values never leave: the conventions' list of signatures, matched as written
 * there, and the usual names of credentials, in any spelling.
 */
const SIGNATURE_KEYS: ReadonlySet<string> = new Set([
  "X-Amz-Signature",
  "X-Amz-Credential",
  "X-Amz-Security-Token",
  "AWSAccessKeyId",
  "Signature",
  "sig",
  "X-Goog-Signature",
]);
const CREDENTIAL_KEYS: ReadonlySet<string> = new Set([
  "accesstoken",
  "apikey",
  "auth",
  "authorization",
  "authtoken",
  "clientsecret",
  "code",
  "credential",
  "credentials",
  "csrftoken",
  "idtoken",
  "jwt",
  "pass",
  "passwd",
  "password",
  "pwd",
  "refreshtoken",
  "secret",
  "session",
  "sessionid",
  "token",
]);

/**
 * Takes the secrets out of a query string; keys stay, so that a reader sees what was sent.
 *
 * @param query The query as it stands in the URL, without the `?`.
 * @returns The query with secret values replaced; the same string where there are none.
 */
export function redactQuery(query: string): string {
  if (!query.includes("=")) return query;
  return query.split("&").map(redactPair).join("&");
}

function redactPair(pair: string): string {
  const at = pair.indexOf("=");
  if (at < 1) return pair;
  const key = decode(pair.slice(0, at));
  const secret = SIGNATURE_KEYS.has(key) || CREDENTIAL_KEYS.has(plainKey(key));
  return secret ? `${pair.slice(0, at)}=${REDACTED}` : pair;
}

/** `x-api-key`, `apiKey` and `user[api_key]` are one name in three spellings. */
function plainKey(key: string): string {
  const inner = /\[([^\]]+)\](\[\])?$/.exec(key)?.[1] ?? key.replace(/\[\]$/, "");
  return inner.toLowerCase().replace(/^x[-_]/, "").replaceAll(/[-_.]/g, "");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
