import assert from "node:assert/strict";
import { cleanAttributes } from "../../../telemetry-sdk/resource/clean_attributes.ts";

Deno.test("cleanAttributes() keeps what OTLP can hold", () => {
  const attributes = { a: "x", b: 1, c: 1.5, d: true, e: ["x"], f: [1, 2.5], g: [false], h: [] };
  assert.deepEqual(cleanAttributes(attributes), { attributes, refused: [] });
});

Deno.test("cleanAttributes() tells in a text what a number cannot", () => {
  assert.deepEqual(
    cleanAttributes({ a: NaN, b: -Infinity, c: 1e21, d: 2 ** 53, e: [1, NaN], f: 9n }).attributes,
    { a: "NaN", b: "-Infinity", c: "1e+21", d: "9007199254740992", e: ["1", "NaN"], f: "9" },
  );
});

Deno.test("cleanAttributes() makes a list of one type", () => {
  assert.deepEqual(
    cleanAttributes({ a: [1, "x", true], b: ["x", null, undefined, "\ud800"], c: [null] }),
    { attributes: { a: ["1", "x", "true"], b: ["x", "\ufffd"], c: [] }, refused: [] },
  );
});

Deno.test("cleanAttributes() leaves out nothing but what it cannot hold", () => {
  const given = {
    fine: 1,
    nothing: null,
    missing: undefined,
    object: {},
    nested: [[1]],
    date: new Date(0),
    symbol: Symbol("x"),
    fn: () => 1,
    later: Promise.resolve(1),
    get throws() {
      return assert.fail("a getter of the application's");
    },
    "": "no name",
    "name\ud800": "y",
    ["__proto__"]: "z",
  };
  const { attributes, refused } = cleanAttributes(given);
  assert.deepEqual(Object.entries(attributes), [
    ["fine", 1],
    ["name\ufffd", "y"],
    ["__proto__", "z"],
  ]);
  assert.deepEqual(refused, [
    "object",
    "nested",
    "date",
    "symbol",
    "fn",
    "later",
    "throws",
    "",
  ]);
});

Deno.test("cleanAttributes() finds nothing in what are no attributes", () => {
  const hostile = new Proxy({}, {
    ownKeys: () => assert.fail("a proxy of the application's"),
  });
  for (const given of [undefined, null, 7, "text", hostile]) {
    assert.deepEqual(cleanAttributes(given), { attributes: {}, refused: [] });
  }
});
