import assert from "node:assert/strict";
import { cleanAnyValue, cutText } from "../../../telemetry-sdk/logs/clean_any_value.ts";

const LIMITS = { textLength: 10, totalLength: 100 };

function clean(value: unknown) {
  return cleanAnyValue(value, LIMITS);
}

Deno.test("cleanAnyValue() keeps what OTLP can hold", () => {
  const value = { text: "é", number: 1.5, flag: false, none: null, list: [1, "a", { b: [] }] };
  assert.deepEqual(clean(value), value);
  assert.deepEqual(clean(new Uint8Array([1, 2])), new Uint8Array([1, 2]));
});

Deno.test("cleanAnyValue() writes what has no form of its own as a text", () => {
  assert.deepEqual(
    clean([new Date(0), new Date(NaN), new TypeError("no"), () => 1, Symbol("s"), 5n, -0.5, NaN]),
    [
      "1970-01-01",
      "Invalid Da",
      "TypeError:",
      "[function]",
      "Symbol(s)",
      5,
      -0.5,
      "NaN",
    ].map((text, index) =>
      index === 0 ? "1970-01-01T00:00:00.000Z" : index === 1 ? "Invalid Date" : text
    ),
  );
  assert.deepEqual(clean(new Map<unknown, unknown>([["a", 1], [{}, 2]])), {
    a: 1,
    "[object Ob": 2,
  });
  assert.deepEqual(clean(new Set([1, 2])), [1, 2]);
  assert.deepEqual(clean(new Float64Array([0.5, Infinity])), [0.5, "Infinity"]);
  assert.equal(clean(new URL("http://a.test")), "http://a.t");
});

Deno.test("cleanAnyValue() cuts texts, bytes, lists and depths", () => {
  assert.equal(clean("x".repeat(50)), "x".repeat(10));
  assert.deepEqual(clean(new Uint8Array(50)), new Uint8Array(10));
  const texts = clean(Array.from({ length: 50 }, () => "x".repeat(10)));
  assert.deepEqual(texts, [...Array.from({ length: 10 }, () => "x".repeat(10)), "[more]"]);
  const numbers = clean(Array.from({ length: 1_000_000 }, (_, index) => index));
  assert.ok(Array.isArray(numbers) && numbers.length < 5000 && numbers.at(-1) === "[more]");
  const wide = clean(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [index, "y"])));
  assert.equal(Object.entries(wide ?? {}).at(-1)?.[0], "[more]");
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 20; depth++) deep = { deep };
  assert.match(JSON.stringify(clean(deep)), /"\[Object\]"/);
});

Deno.test("cleanAnyValue() writes the same object twice where it is not circular", () => {
  const shared = { a: 1 };
  assert.deepEqual(clean([shared, shared]), [shared, shared]);
});

Deno.test("cleanAnyValue() has no prototype changed by a key", () => {
  const value = clean(JSON.parse('{"__proto__": {"admin": true}}'));
  assert.deepEqual(Object.keys(value ?? {}), ["__proto__"]);
  assert.equal((value as { admin?: boolean }).admin, undefined);
});

Deno.test("cutText() never cuts through a character", () => {
  assert.equal(cutText("ab😀", 3), "ab");
  assert.equal(cutText("ab😀", 4), "ab😀");
  assert.equal(cutText("a\ud800b", 3), "a\ufffdb");
});
