import { isIP } from "node:net";
import type { Context } from "../http/context.ts";
import { networkOf } from "../http/network.ts";

/**
 * What one client is counted by: its IPv4 address, or the /64 network of its IPv6 address, within
 * which a client may choose addresses as it likes. Where there is no address (a Unix socket, a proxy
 * that sends nonsense) all clients are counted as one.
 */
export function clientKey<Params, State extends object>(ctx: Context<Params, State>): string {
  const address = ctx.origin.clientAddress ?? "";
  return isIP(address) === 0 ? "unknown" : networkOf(address);
}
