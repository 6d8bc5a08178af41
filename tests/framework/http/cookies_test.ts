import assert from "node:assert/strict";
import { Cookies } from "../../../framework/http/cookies.ts";

function cookies(header: string | null): { cookies: Cookies; set: Headers } {
  const set = new Headers();
  return { cookies: new Cookies(header, () => set), set };
}

Deno.test("Cookies.get() decodes values and knows absent ones", () => {
  const { cookies: sent } = cookies("a=1; b=caf%C3%A9; c=x=y; __proto__=p");
  assert.equal(sent.get("a"), "1");
  assert.equal(sent.get("b"), "café");
  assert.equal(sent.get("c"), "x=y");
  assert.equal(sent.get("constructor"), undefined);
  assert.equal(cookies(null).cookies.get("a"), undefined);
});

Deno.test("Cookies.get() refuses a malformed cookie by name, and only that", () => {
  const { cookies: sent } = cookies("bad=%zz; good=1");
  assert.equal(sent.get("good"), "1");
  assert.throws(() => sent.get("bad"), {
    status: 400,
    message: 'The cookie "bad" holds an invalid percent-encoding',
  });
});

Deno.test("Cookies.get() refuses a header with control characters", () => {
  assert.throws(() => cookies("a=\x01").cookies.get("a"), { status: 400 });
});

Deno.test("Cookies.set() is careful unless told", () => {
  const { cookies: sent, set } = cookies(null);
  sent.set("session", "a b;c");
  sent.set("theme", "dark", { httpOnly: false, secure: true, sameSite: "strict", maxAge: 60 });
  assert.deepEqual(set.getSetCookie(), [
    "session=a%20b%3Bc; Path=/; HttpOnly; SameSite=Lax",
    "theme=dark; Max-Age=60; Path=/; Secure; SameSite=Strict",
  ]);
  assert.throws(() => sent.set("bad name", "x"), TypeError);
});

Deno.test("Cookies.delete() expires the cookie", () => {
  const { cookies: sent, set } = cookies("session=1");
  sent.delete("session");
  assert.match(
    set.getSetCookie()[0] ?? "",
    /^session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970/,
  );
});

Deno.test("Cookies.delete() is secure for the names that must be", () => {
  const { cookies: sent, set } = cookies(null);
  sent.delete("__Host-session");
  assert.match(set.getSetCookie()[0] ?? "", /; Secure/);
});
