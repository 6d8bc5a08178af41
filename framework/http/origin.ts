import { type RequestTarget, splitAuthority } from "./target.ts";
import type { RequestInfo } from "./types.ts";

/** Where a request came from and what it was aimed at, as its client saw it. */
export interface RequestOrigin {
  /** `http` or `https`. */
  readonly scheme: string;
  /** The host that the client asked for. */
  readonly host: string;
  /** Its port, where the client named one. */
  readonly port: number | undefined;
  /** The client's address. */
  readonly clientAddress: string | undefined;
  /** The other end of the connection: the client, or the nearest proxy. */
  readonly peer:
    | { readonly hostname: string; readonly port: number }
    | undefined;
}

/**
 * Tells where a request came from.
 *
 * @param target The parts of its URL.
 * @param headers Its headers.
 * @param options What the server knows of the connection, and whether to believe
 *   `X-Forwarded-For`, `-Proto` and `-Host`: anyone can send those, so only behind a proxy that
 *   overwrites them.
 */
export function requestOrigin(
  target: RequestTarget,
  headers: Headers,
  options: { readonly info: RequestInfo; readonly trustProxy: boolean },
): RequestOrigin {
  const address = options.info.remoteAddr;
  const peer = address !== undefined && "hostname" in address ? address : undefined;
  const forwarded = (name: string) =>
    options.trustProxy ? headers.get(name)?.split(",", 1)[0]?.trim() || undefined : undefined;
  const { host, port } = splitAuthority(
    forwarded("x-forwarded-host") ?? target.authority,
  );
  return {
    scheme: knownScheme(forwarded("x-forwarded-proto")) ?? target.scheme,
    host,
    port,
    clientAddress: forwarded("x-forwarded-for") ?? peer?.hostname,
    peer,
  };
}

/** A header can say anything, and the scheme is an attribute of metrics: only the two there are. */
function knownScheme(text: string | undefined): string | undefined {
  const scheme = text?.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}
