import assert from "node:assert/strict";
import { directiveSeconds, parseCacheControl } from "../../../framework/cache/cache_control.ts";

for (
  const [header, expected] of [
    [null, {}],
    ["", {}],
    ["no-store", { "no-store": true }],
    ["Max-Age=60, PUBLIC", { "max-age": "60", public: true }],
    [`private="set-cookie, x-user", max-age="5"`, {
      private: "set-cookie, x-user",
      "max-age": "5",
    }],
    ["max-age=1, max-age=9", { "max-age": "1" }],
    [",, ;=, max-age = 7 ,", { "max-age": "7" }],
    [`no-cache="a\\"b", s-maxage=2`, { "no-cache": `a\\"b`, "s-maxage": "2" }],
    [`private="unclosed`, { private: "", unclosed: true }],
  ] as const
) {
  Deno.test(`parseCacheControl() reads ${JSON.stringify(header)}`, () => {
    assert.deepEqual(Object.fromEntries(parseCacheControl(header)), expected);
  });
}

Deno.test("parseCacheControl() reads a hostile header in linear time", () => {
  const header = `a="${"\\".repeat(50_000)}`;
  assert.ok(parseCacheControl(header.repeat(2)).has("a"));
});

Deno.test("directiveSeconds() takes what it cannot read for 0, and bounds what is too large", () => {
  const seconds = (value: string) =>
    directiveSeconds(parseCacheControl(`max-age${value}`), "max-age");
  assert.deepEqual(["=5", "", "=-1", "=1.5", "=x", "=99999999999999999999"].map(seconds), [
    5,
    0,
    0,
    0,
    0,
    2 ** 31,
  ]);
  assert.equal(directiveSeconds(parseCacheControl("public"), "max-age"), undefined);
});
