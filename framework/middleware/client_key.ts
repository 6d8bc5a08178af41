import { isIPv4, isIPv6 } from "node:net";
import type { Context } from "../http/context.ts";

/**
 * What one client is counted by: its IPv4 address, or the /64 network of its IPv6 address, within
 * which a client may choose addresses as it likes. Where there is no address (a Unix socket, a proxy
 * that sends nonsense) all clients are counted as one.
 */
export function clientKey<Params, State extends object>(ctx: Context<Params, State>): string {
  const address = ctx.origin.clientAddress ?? "";
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return "unknown";
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  return mapped ?? `${network64(address)}::/64`;
}

function network64(address: string): string {
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const omitted = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(omitted).fill("0"), ...right];
  return groups.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":");
}
