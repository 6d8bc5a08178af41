import assert from "node:assert/strict";
import { authRequest } from "../../../../framework/auth/auth_request.ts";
import { PasswordHasher } from "../../../../framework/auth/password.ts";
import { PasswordLogin } from "../../../../framework/auth/password_login.ts";
import { BasicStrategy } from "../../../../framework/auth/strategies/basic_strategy.ts";
import { quickCost } from "../_service.ts";

const hasher = new PasswordHasher({ cost: quickCost });
const account = { userId: "1", passwordHash: await hasher.hash("pässwörd:1") };
const strategy = new BasicStrategy(
  new PasswordLogin({ hasher, findAccount: (name) => name === "ada" ? account : undefined }),
);

function encode(credentials: string): string {
  return `Basic ${new TextEncoder().encode(credentials).toBase64()}`;
}

for (
  const { what, authorization, verification } of [
    {
      what: "UTF-8 with a colon in the password",
      authorization: encode("ada:pässwörd:1"),
      verification: { userId: "1" },
    },
    {
      what: "a wrong password",
      authorization: encode("ada:pässwörd"),
      verification: { reason: "invalid" },
    },
    { what: "no colon", authorization: encode("ada"), verification: { reason: "malformed" } },
    { what: "no base64", authorization: "Basic !!!", verification: { reason: "malformed" } },
    { what: "no UTF-8", authorization: "Basic //86YQ==", verification: { reason: "malformed" } },
    { what: "another scheme", authorization: "Bearer abc", verification: undefined },
  ]
) {
  Deno.test(`verify() answers ${what} with ${JSON.stringify(verification)}`, async () => {
    const request = new Request("http://localhost/", { headers: { authorization } });
    assert.deepEqual(await strategy.verify(authRequest(request)), verification);
  });
}
