import assert from "node:assert/strict";
import { authRequest } from "../../../../framework/auth/auth_request.ts";
import { Sessions } from "../../../../framework/auth/session.ts";
import { SessionStrategy } from "../../../../framework/auth/strategies/session_strategy.ts";

function request(cookie?: string) {
  const headers = cookie === undefined ? {} : { cookie };
  return authRequest(new Request("http://localhost/", { headers }));
}

Deno.test("verify() tells no session, a malformed one, a guess and a good one apart", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const strategy = new SessionStrategy(sessions);
  const { token, session } = await sessions.start("ada");
  assert.equal(await strategy.verify(request()), undefined);
  assert.equal(await strategy.verify(request("__Host-session=")), undefined);
  assert.deepEqual(await strategy.verify(request("__Host-session=%zz")), { reason: "malformed" });
  assert.deepEqual(await strategy.verify(request("__Host-session=x")), { reason: "invalid" });
  assert.deepEqual(await strategy.verify(request(`__Host-session=${token}`)), {
    userId: "ada",
    session,
  });
});

Deno.test("verify() over plain HTTP reads the cookie without a prefix", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = new Sessions(kv);
  const strategy = new SessionStrategy(sessions, { secure: false });
  const { token } = await sessions.start("ada");
  assert.ok(await strategy.verify(request(`session=${token}`)));
  assert.equal(await strategy.verify(request(`__Host-session=${token}`)), undefined);
});
