/**
 * Where the shop listens: `HOST` (127.0.0.1 unless set) and `PORT` (8000 unless set).
 *
 * @throws {RangeError} When `PORT` is no port.
 */
export function listenAddress(): { hostname: string; port: number } {
  const hostname = Deno.env.get("HOST") || "127.0.0.1";
  const text = Deno.env.get("PORT") || "8000";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new RangeError(`Cannot listen on PORT="${text}": expected a number from 0 to 65535`);
  }
  return { hostname, port };
}
