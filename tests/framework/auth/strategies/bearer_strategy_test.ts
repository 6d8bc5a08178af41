import assert from "node:assert/strict";
import { authRequest } from "../../../../framework/auth/auth_request.ts";
import { JwtIssuer } from "../../../../framework/auth/jwt_issuer.ts";
import { JwtVerifier } from "../../../../framework/auth/jwt_verifier.ts";
import {
  BearerStrategy,
  type BearerStrategyOptions,
} from "../../../../framework/auth/strategies/bearer_strategy.ts";
import { JWT_SECRET } from "../_service.ts";

const names = { key: JWT_SECRET, issuer: "https://issuer.test", audience: "shop" };
const issuer = new JwtIssuer({ ...names, algorithm: "HS256" });

async function verify(authorization?: string, options: BearerStrategyOptions = {}) {
  const strategy = new BearerStrategy(
    new JwtVerifier({ ...names, algorithms: ["HS256"] }),
    options,
  );
  const headers = authorization === undefined ? {} : { authorization };
  return await strategy.verify(authRequest(new Request("http://localhost/", { headers })));
}

Deno.test("verify() takes the scheme in any case, and leaves other schemes to others", async () => {
  const token = await issuer.issue("ada");
  for (const scheme of ["Bearer", "bearer", "BEARER "]) {
    const proof = await verify(`${scheme} ${token}`);
    assert.ok(proof !== undefined && "userId" in proof, scheme);
    assert.equal(proof.userId, "ada");
    assert.equal(proof.scopes, undefined);
  }
  assert.equal(await verify(), undefined);
  assert.equal(await verify(`Basic ${token}`), undefined);
  assert.deepEqual(await verify("Bearer"), { reason: "malformed" });
});

Deno.test("verify() limits a token to the scopes that its claims name, where asked to", async () => {
  const token = await issuer.issue("ada", { scope: "orders:read products:*" });
  const scopes = ({ scope }: Record<string, unknown>) => String(scope).split(" ");
  const proof = await verify(`Bearer ${token}`, { scopes });
  assert.deepEqual(proof && "scopes" in proof && proof.scopes, ["orders:read", "products:*"]);
});

Deno.test("verify() refuses a token that was taken back", async () => {
  const revoked = new Set<unknown>();
  const isRevoked = ({ jti }: Record<string, unknown>) => revoked.has(jti);
  const authorization = `Bearer ${await issuer.issue("ada")}`;
  const proof = await verify(authorization, { isRevoked });
  assert.ok(proof !== undefined && "claims" in proof);
  revoked.add(proof.claims?.jti);
  assert.deepEqual(await verify(authorization, { isRevoked }), { reason: "invalid" });
});
