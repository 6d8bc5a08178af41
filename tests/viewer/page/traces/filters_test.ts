import assert from "node:assert/strict";
import { isFiltered, readDuration, readFilters } from "../../../../viewer/page/traces/filters.ts";

Deno.test("readDuration() reads what people type", () => {
  assert.deepEqual(
    ["", "250", "250ms", "1.5 s", "80us", "80 µs", "2m", ".5s"].map(readDuration),
    ["", "250", "250", "1500", "0.08", "0.08", "120000", "500"],
  );
});

Deno.test("readDuration() tells what is no duration", () => {
  assert.deepEqual(["-1", "fast", "1 h", "1e9", "1..2"].map(readDuration), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("readFilters() reads the address", () => {
  const filters = readFilters(new URLSearchParams("q=tea&attr=a:1&attr=b&attr="));
  assert.equal(filters.q, "tea");
  assert.deepEqual(filters.attr, ["a:1", "b"]);
  assert.ok(isFiltered(filters));
  assert.equal(isFiltered(readFilters(new URLSearchParams())), false);
});
