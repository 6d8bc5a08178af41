import assert from "node:assert/strict";
import { JwtIssuer } from "../../../framework/auth/jwt_issuer.ts";

const options = {
  key: "a secret of at least thirty-two bytes",
  algorithm: "HS256",
  issuer: "https://issuer.test",
  audience: "shop",
} as const;

function decode(part: string | undefined): unknown {
  const bytes = Uint8Array.fromBase64(part ?? "", { alphabet: "base64url" });
  return JSON.parse(new TextDecoder().decode(bytes));
}

Deno.test("issue() says in the header what signed it", async () => {
  const issuer = new JwtIssuer({ ...options, keyId: "k1", type: "at+jwt" });
  const [header] = (await issuer.issue("ada")).split(".");
  assert.deepEqual(decode(header), { alg: "HS256", typ: "at+jwt", kid: "k1" });
});

Deno.test("issue() lets no claim of the application take the place of a registered one", async () => {
  const issuer = new JwtIssuer({ ...options, lifetimeSeconds: 60, now: () => 1_000_000 });
  const [, payload] = (await issuer.issue("ada", { sub: "root", exp: 9e9, iss: "me" })).split(".");
  const { jti: _, ...claims } = decode(payload) as Record<string, unknown>;
  assert.deepEqual(claims, {
    sub: "ada",
    iss: options.issuer,
    aud: options.audience,
    iat: 1000,
    exp: 1060,
  });
});

Deno.test("JwtIssuer() and issue() say what they cannot take", async () => {
  assert.throws(() => new JwtIssuer({ ...options, lifetimeSeconds: 0 }), {
    name: "RangeError",
    message: 'The option "lifetimeSeconds" is 0: expected a positive number',
  });
  assert.throws(() => new JwtIssuer({ ...options, algorithm: "ES256" }), TypeError);
  await assert.rejects(new JwtIssuer(options).issue(""), TypeError);
});
