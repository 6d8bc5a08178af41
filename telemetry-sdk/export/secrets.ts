import { redactedUrl } from "../config/endpoint.ts";
import type { ResolvedOtlp } from "../config/resolved.ts";

/** The shortest header value that is looked for: a `1` would be found everywhere. */
const SHORTEST = 4;

/**
 * A text of a receiver or of the runtime without what the configuration keeps secret: the endpoint's user,
 * password and query, and the values of headers.
 *
 * @param text What may hold a secret.
 * @param otlp Whose secrets.
 */
export function withoutSecrets(
  text: string,
  { endpoint, headers }: Pick<ResolvedOtlp, "endpoint" | "headers">,
): string {
  const bare = new URL(endpoint);
  bare.username = "";
  bare.password = "";
  const { username, password, search } = new URL(endpoint);
  const secrets = [
    ...Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]),
    ...[username, password, search].flatMap((part) => [part, decoded(part)]),
  ].filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
  let shown = text.replaceAll(endpoint, redactedUrl(endpoint))
    .replaceAll(bare.href, redactedUrl(endpoint));
  for (const secret of secrets) shown = shown.replaceAll(secret, "REDACTED");
  return shown;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
