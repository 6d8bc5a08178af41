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
  "accesskey",
  "accesstoken",
  "apikey",
  "auth",
  "authorization",
  "authtoken",
  "bearer",
  "clientassertion",
  "clientsecret",
  "code",
  "credential",
  "credentials",
  "csrftoken",
  "idtoken",
  "idtokenhint",
  "jwt",
  "newpassword",
  "oldpassword",
  "pass",
  "passphrase",
  "passwd",
  "password",
  "privatekey",
  "pwd",
  "refreshtoken",
  "secret",
  "secretkey",
  "session",
  "sessionid",
  "sessiontoken",
  "token",
]);

/** Decides whether a query key's value is a secret. The key comes decoded. */
export type SecretKey = (key: string) => boolean;

/** Whether a key is one of those that always name a secret, in whichever spelling. */
export function isSecretKey(key: string): boolean {
  return SIGNATURE_KEYS.has(key) || CREDENTIAL_KEYS.has(plainKey(key));
}

/**
 * A key in the one spelling that all of them are compared by: `x-api-key`, `apiKey` and
 * `user[api_key]` are one name.
 */
export function plainKey(key: string): string {
  // Cut by position: a client writes the key, and a pattern would try every bracket against the rest.
  const list = key.endsWith("[]") ? key.slice(0, -2) : key;
  const open = list.endsWith("]") ? list.lastIndexOf("[") : -1;
  const inner = open === -1 ? list : list.slice(open + 1, -1);
  return inner.toLowerCase().replace(/^x[-_]/, "").replaceAll(/[-_.]/g, "");
}

/**
 * Takes the secrets out of a query string; keys stay, so that a reader sees what was sent.
 *
 * @param query The query as it stands in the URL, without the `?`.
 * @param isSecret Which keys are secrets; the usual ones unless told.
 * @returns The query with secret values replaced; the same string where there are none.
 */
export function redactQuery(query: string, isSecret: SecretKey = isSecretKey): string {
  if (!query.includes("=")) return query;
  return query.split("&").map((pair) => redactPair(pair, isSecret)).join("&");
}

function redactPair(pair: string, isSecret: SecretKey): string {
  // A value may be a URL with a query itself, and some clients begin theirs a second time.
  let start = 0;
  for (const part of pair.split("?")) {
    const at = part.indexOf("=");
    if (at > 0 && isSecret(decode(part.slice(0, at)))) {
      return `${pair.slice(0, start + at)}=${REDACTED}`;
    }
    start += part.length + 1;
  }
  return pair;
}

/**
 * Takes the secrets out of a URL, absolute or relative: user and password, the query's, and the
 * fragment's, where an OAuth answer may carry a token.
 *
 * @param url The URL as text; it is cut and not parsed, so that all else stays as it is written.
 * @param isSecret Which query keys are secrets; the usual ones unless told.
 */
export function redactUrl(url: string, isSecret: SecretKey = isSecretKey): string {
  const [address, fragment] = cut(url, "#");
  const [place, query] = cut(address, "?");
  return withoutUserinfo(place) + redactPart("?", query, isSecret) +
    (fragment === undefined ? "" : redactFragment(fragment, isSecret));
}

function redactPart(mark: string, query: string | undefined, isSecret: SecretKey): string {
  return query === undefined ? "" : mark + redactQuery(query, isSecret);
}

/** A fragment is either like a query itself or, in a page that routes by it, has one. */
function redactFragment(fragment: string, isSecret: SecretKey): string {
  const [route, query] = cut(fragment, "?");
  return redactPart("#", route, isSecret) + redactPart("?", query, isSecret);
}

function withoutUserinfo(place: string): string {
  const start = place.indexOf("//") + 2;
  if (start === 1) return place;
  const slash = place.slice(start).search(/[/\\]/);
  const end = slash === -1 ? place.length : start + slash;
  const at = place.lastIndexOf("@", end - 1);
  if (at < start) return place;
  const hidden = place.slice(start, at).includes(":") ? `${REDACTED}:${REDACTED}` : REDACTED;
  return place.slice(0, start) + hidden + place.slice(at);
}

/**
 * Takes the secrets out of every URL in a text, such as the message of an error: the runtime's own
 * name the URL that could not be fetched, with all that is in it.
 *
 * @param text Any text.
 * @param isSecret Which query keys are secrets; the usual ones unless told.
 */
export function redactText(text: string, isSecret: SecretKey = isSecretKey): string {
  if (!text.includes("//")) return text;
  return text.replaceAll(/\/\/[^\s"<>`]+/g, (found) => {
    if (!/[@?#]/.test(found)) return found;
    // What closes the sentence around a URL is no part of it.
    let end = found.length;
    while (")].,;:'".includes(found.charAt(end - 1))) end -= 1;
    return redactUrl(found.slice(0, end), isSecret) + found.slice(end);
  });
}

function cut(text: string, mark: string): [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
