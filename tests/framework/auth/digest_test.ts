import assert from "node:assert/strict";
import {
  assertSigningKey,
  digestSecret,
  equalInConstantTime,
  randomSecret,
  sign,
} from "../../../framework/auth/digest.ts";

Deno.test("randomSecret() gives 256 bits that are never the same", () => {
  const secrets = new Set(Array.from({ length: 100 }, () => randomSecret()));
  assert.equal(secrets.size, 100);
  for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
});

Deno.test("digestSecret() gives SHA-256 as base64url", () => {
  assert.equal(digestSecret("abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
});

Deno.test("sign() tells parts apart that are the same when joined", () => {
  const key = "k".repeat(32);
  assert.notEqual(sign(key, ["ab", "c"]), sign(key, ["a", "bc"]));
  assert.equal(sign(key, ["ab", "c"]), sign(key, ["ab", "c"]));
});

Deno.test("equalInConstantTime() compares texts of every length", () => {
  assert.equal(equalInConstantTime("äb", "äb"), true);
  assert.equal(equalInConstantTime("äb", "äc"), false);
  assert.equal(equalInConstantTime("a", "ab"), false);
  assert.equal(equalInConstantTime("", ""), true);
});

Deno.test("assertSigningKey() refuses a short key without repeating it", () => {
  assertSigningKey("x".repeat(32), "secret");
  assert.throws(() => assertSigningKey("hunter2", "secret"), {
    name: "RangeError",
    message: 'The key in "secret" has 7 bytes: expected at least 32 random ones',
  });
});
