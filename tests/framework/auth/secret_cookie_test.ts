import assert from "node:assert/strict";
import { Cookies } from "../../../framework/http/cookies.ts";
import { SecretCookie } from "../../../framework/auth/secret_cookie.ts";

function cookies(header: string | null = null): { cookies: Cookies; set: () => string[] } {
  const headers = new Headers();
  return { cookies: new Cookies(header, () => headers), set: () => headers.getSetCookie() };
}

Deno.test("set() makes a cookie that scripts and other sites do not get, and HTTPS needs", () => {
  const response = cookies();
  new SecretCookie("session").set(response.cookies, "abc", 90_500);
  const [header = ""] = response.set();
  const [pair, ...attributes] = header.split("; ");
  assert.equal(pair, "__Host-session=abc");
  assert.deepEqual(
    new Set(attributes),
    new Set(["Max-Age=90", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"]),
  );
});

Deno.test("set() drops prefix and Secure for plain HTTP, and is strict where asked", () => {
  const response = cookies();
  new SecretCookie("session", { secure: false, sameSite: "strict" }).set(response.cookies, "abc");
  const [header = ""] = response.set();
  const [pair, ...attributes] = header.split("; ");
  assert.equal(pair, "session=abc");
  assert.deepEqual(new Set(attributes), new Set(["Path=/", "HttpOnly", "SameSite=Strict"]));
});

Deno.test("clear() is Secure, or a browser would not obey it", () => {
  const response = cookies();
  new SecretCookie("session").clear(response.cookies);
  const [header = ""] = response.set();
  assert.ok(header.startsWith("__Host-session=;"));
  for (const attribute of ["Max-Age=0", "Secure", "Path=/"]) assert.ok(header.includes(attribute));
});

Deno.test("read() tells no cookie from a malformed one", () => {
  const cookie = new SecretCookie("session");
  assert.equal(cookie.read(cookies("__Host-session=abc").cookies), "abc");
  assert.equal(cookie.read(cookies("session=abc").cookies), undefined);
  assert.equal(cookie.read(cookies("__Host-session=%zz").cookies), null);
  assert.equal(cookie.read(cookies("a=\u0001").cookies), null);
});
