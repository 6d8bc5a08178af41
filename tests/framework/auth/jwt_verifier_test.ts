import assert from "node:assert/strict";
import { JwtIssuer, type JwtIssuerOptions } from "../../../framework/auth/jwt_issuer.ts";
import { JwtVerifier, type JwtVerifierOptions } from "../../../framework/auth/jwt_verifier.ts";
import { stoppedClock } from "./_clock.ts";

const SECRET = "a secret of at least thirty-two bytes";
const names = { issuer: "https://issuer.test", audience: "shop" };

function verifier(options: Partial<JwtVerifierOptions> = {}): JwtVerifier {
  return new JwtVerifier({ key: SECRET, algorithms: ["HS256"], ...names, ...options });
}

async function issue(options: Partial<JwtIssuerOptions> = {}, claims = {}): Promise<string> {
  const issuer = new JwtIssuer({ key: SECRET, algorithm: "HS256", ...names, ...options });
  return await issuer.issue("ada", claims);
}

function encode(value: unknown): string {
  const bytes = typeof value === "string" ? value : JSON.stringify(value);
  return new TextEncoder().encode(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** A token signed by hand, for what the issuer refuses to make. */
async function forge(header: unknown, payload: unknown, key: string): Promise<string> {
  const text = `${encode(header)}.${encode(payload)}`;
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const bytes = new TextEncoder();
  const imported = await crypto.subtle.importKey("raw", bytes.encode(key), hmac, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes.encode(text)));
  return `${text}.${signature.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

async function ecKeys(): Promise<CryptoKeyPair> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

Deno.test("verify() takes a secret as bytes too", async () => {
  const key = new TextEncoder().encode(SECRET);
  assert.ok("claims" in await verifier({ key }).verify(await issue({ key })));
});

Deno.test("verify() gives the claims of a token that was issued for it", async () => {
  const result = await verifier().verify(await issue({}, { reason: "any claim", plan: "pro" }));
  assert.ok("claims" in result);
  const { sub, iss, aud, plan, exp = 0, iat = 0, jti } = result.claims;
  assert.deepEqual({ sub, iss, aud, plan }, {
    sub: "ada",
    iss: names.issuer,
    aud: names.audience,
    plan: "pro",
  });
  assert.equal(exp - iat, 900);
  assert.match(String(jti), /^[\w-]{22}$/);
});

Deno.test("verify() holds a token to its time, but for the tolerance", async () => {
  const clock = stoppedClock();
  const token = await issue({ lifetimeSeconds: 60, now: clock.now });
  clock.pass(59_000);
  assert.ok("claims" in await verifier({ now: clock.now }).verify(token));
  clock.pass(1000);
  assert.deepEqual(await verifier({ now: clock.now }).verify(token), { reason: "expired" });
  const tolerant = verifier({ now: clock.now, clockToleranceSeconds: 5 });
  assert.ok("claims" in await tolerant.verify(token));
  clock.pass(5000);
  assert.deepEqual(await tolerant.verify(token), { reason: "expired" });
});

const header = { alg: "HS256", typ: "JWT" };
const claims = { sub: "ada", iss: names.issuer, aud: names.audience, exp: 4_000_000_000 };

Deno.test("verify() accepts the token that the refused ones below differ from", async () => {
  assert.ok("claims" in await verifier().verify(await forge(header, claims, SECRET)));
});

for (
  const { what, token, reason } of [
    { what: "of another issuer", token: () => issue({ issuer: "https://evil.test" }) },
    { what: "for another audience", token: () => issue({ audience: "bank" }) },
    { what: "signed by another secret", token: () => issue({ key: SECRET.toUpperCase() }) },
    { what: "signed by another algorithm", token: () => issue({ algorithm: "HS512" }) },
    {
      what: "that is not good yet",
      token: () => forge(header, { ...claims, nbf: 3_900_000_000 }, SECRET),
    },
    {
      what: "that never ends",
      token: () => forge(header, { ...claims, exp: undefined }, SECRET),
    },
    { what: "of nobody", token: () => forge(header, { ...claims, sub: undefined }, SECRET) },
    { what: "of a number", token: () => forge(header, { ...claims, sub: 7 }, SECRET) },
    { what: "of a nameless one", token: () => forge(header, { ...claims, sub: "" }, SECRET) },
    {
      what: "with an extension that must be understood",
      token: () => forge({ ...header, crit: ["x"], x: 1 }, claims, SECRET),
    },
    {
      what: "that says it needs no signature",
      token: () => Promise.resolve(`${encode({ alg: "none" })}.${encode(claims)}.`),
    },
    {
      what: "that says so, with a signature",
      token: () => forge({ alg: "none" }, claims, SECRET),
    },
    { what: "that is empty", token: () => Promise.resolve(""), reason: "malformed" },
    { what: "that is none", token: () => Promise.resolve("a.b.c"), reason: "malformed" },
    {
      what: "whose claims are none",
      token: () => forge(header, "[]", SECRET),
      reason: "malformed",
    },
  ]
) {
  Deno.test(`verify() refuses a token ${what}`, async () => {
    assert.deepEqual(await verifier().verify(await token()), { reason: reason ?? "invalid" });
  });
}

Deno.test("verify() refuses a token signed with the public key as if it were a secret", async () => {
  const { publicKey, privateKey } = await ecKeys();
  const strict = verifier({ key: publicKey, algorithms: ["ES256"] });
  assert.ok("claims" in await strict.verify(await issue({ key: privateKey, algorithm: "ES256" })));
  const jwk = JSON.stringify(await crypto.subtle.exportKey("jwk", publicKey));
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)).toBase64();
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
  for (const known of [jwk, spki, pem]) {
    assert.deepEqual(await strict.verify(await forge(header, claims, known)), {
      reason: "invalid",
    });
  }
});

Deno.test("verify() refuses a token of another type where one is asked for", async () => {
  const strict = verifier({ type: "at+jwt" });
  assert.ok("claims" in await strict.verify(await issue({ type: "at+jwt" })));
  assert.deepEqual(await strict.verify(await issue()), { reason: "invalid" });
});

Deno.test({
  name: "verify() takes the keys that the issuer publishes, and rejects while it cannot be reached",
  // The library leaves the body of an answer that it refuses unread.
  sanitizeResources: false,
}, async () => {
  const { publicKey, privateKey } = await ecKeys();
  const jwk = { ...await crypto.subtle.exportKey("jwk", publicKey), kid: "k1", alg: "ES256" };
  let broken = true;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => broken ? new Response("no", { status: 503 }) : Response.json({ keys: [jwk] }),
  );
  const url = new URL(`http://127.0.0.1:${server.addr.port}/jwks.json`);
  const remote = verifier({ key: url, algorithms: ["ES256"] });
  const token = await issue({ key: privateKey, algorithm: "ES256", keyId: "k1" });
  await assert.rejects(remote.verify(token), /200 OK/);
  broken = false;
  assert.ok("claims" in await remote.verify(token));
  const unknown = await issue({ key: privateKey, algorithm: "ES256", keyId: "k2" });
  assert.deepEqual(await remote.verify(unknown), { reason: "invalid" });
  await server.shutdown();
});

Deno.test("JwtVerifier() refuses keys and algorithms that do not fit", async () => {
  const { publicKey, privateKey } = await ecKeys();
  const cases: [Partial<JwtVerifierOptions>, RegExp][] = [
    [{ algorithms: [] }, /"algorithms" is empty/],
    [{ algorithms: ["none" as "HS256"] }, /The algorithm "none" is not accepted/],
    [{ algorithms: ["HS256", "HS512"] }, /A single key is used by 2 algorithms/],
    [{ algorithms: ["RS256"] }, /The key is a secret, which the algorithm "RS256" cannot use/],
    [{ key: publicKey }, /The key is for "ECDSA", which the algorithm "HS256" cannot use/],
    [{ key: privateKey, algorithms: ["ES256"] }, /The key is for "sign": expected one to verify/],
    [{ key: { kty: "RSA" } }, /a JWK with the "kty" "RSA"/],
    [{ key: { keys: [] }, algorithms: ["ES256", "HS256"] }, /a set of public keys/],
    [{ key: `-----BEGIN PUBLIC KEY-----${"A".repeat(40)}` }, /The key is PEM text/],
    [{ key: "short" }, /The key in "key" has 5 bytes: expected at least 32/],
    [{ issuer: "" }, /"issuer" is empty/],
    [{ audience: "" }, /"audience" is empty/],
    [{ clockToleranceSeconds: -1 }, /"clockToleranceSeconds" is -1: expected 0 or more/],
  ];
  for (const [options, message] of cases) assert.throws(() => verifier(options), { message });
});
