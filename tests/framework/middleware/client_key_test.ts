import assert from "node:assert/strict";
import { clientKey } from "../../../framework/middleware/client_key.ts";
import type { RequestInfo } from "../../../framework/mod.ts";
import { request, testApp } from "../../_app.ts";

async function keyOf(info: RequestInfo, headers: HeadersInit = {}): Promise<string> {
  const app = testApp({ trustProxy: true });
  app.get("/", clientKey);
  return await (await app.handle(request("/", { headers }), info)).text();
}

const from = (hostname: string) =>
  keyOf({ remoteAddr: { transport: "tcp", hostname, port: 5000 } });

Deno.test("clientKey() is the address, or the /64 network of an IPv6 address", async () => {
  assert.equal(await from("192.0.2.1"), "192.0.2.1");
  assert.equal(await from("::ffff:192.0.2.1"), "192.0.2.1");
  for (
    const address of ["2001:db8:0:7::1", "2001:0DB8::7:1:2:3:4", "2001:db8:0:7:8:9:a:b%eth0"]
  ) {
    assert.equal(await from(address), "2001:db8:0:7::/64");
  }
  assert.equal(await from("2001:db8::1"), "2001:db8:0:0::/64");
  assert.equal(await from("::1"), "0:0:0:0::/64");
  assert.equal(await from("64:ff9b::192.0.2.1"), "64:ff9b:0:0::/64");
});

Deno.test("clientKey() counts everyone without an address as one client", async () => {
  assert.equal(await keyOf({}), "unknown");
  assert.equal(await keyOf({ remoteAddr: { transport: "unix", path: "/run/app" } }), "unknown");
  const nonsense = { "x-forwarded-for": "x".repeat(5_000) };
  assert.equal(await keyOf({}, nonsense), "unknown");
});
