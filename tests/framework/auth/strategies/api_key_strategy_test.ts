import assert from "node:assert/strict";
import { ApiKeys } from "../../../../framework/auth/api_keys.ts";
import { authRequest } from "../../../../framework/auth/auth_request.ts";
import { ApiKeyStrategy } from "../../../../framework/auth/strategies/api_key_strategy.ts";

Deno.test("verify() reads the key from its header only, and limits it to its scopes", async () => {
  using kv = await Deno.openKv(":memory:");
  const keys = new ApiKeys(kv);
  const strategy = new ApiKeyStrategy(keys, { header: "X-Shop-Key" });
  const { secret } = await keys.create("ada", { name: "export", scopes: ["orders:read"] });
  const verify = (headers: HeadersInit, path = "/") =>
    strategy.verify(authRequest(new Request(`http://localhost${path}`, { headers })));
  assert.deepEqual(await verify({ "x-shop-key": secret }), {
    userId: "ada",
    scopes: ["orders:read"],
  });
  assert.deepEqual(await verify({ "x-shop-key": `${secret}x` }), { reason: "invalid" });
  assert.equal(await verify({ "x-api-key": secret }, `/?x-shop-key=${secret}`), undefined);
});
