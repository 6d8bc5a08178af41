import assert from "node:assert/strict";
import { attributesSize, valueSize } from "../../../telemetry-sdk/batch/item_size.ts";

Deno.test("valueSize() follows the data", () => {
  assert.equal(valueSize("x".repeat(1000)), 1000);
  assert.equal(valueSize(new Uint8Array(5000)), 5000);
  const list = valueSize(Array.from({ length: 100_000 }, () => "twelve chars"));
  assert.ok(list > 1_000_000, `${list}`);
  assert.ok(attributesSize({ a: "x".repeat(500), b: { c: "y".repeat(500) } }) > 1000);
  assert.equal(attributesSize(undefined), 0);
});

Deno.test("valueSize() ends with what is circular, deep or huge", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = [circular, circular];
  assert.ok(valueSize(circular) > 0);
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  assert.ok(valueSize(deep) > 0);
});
