import assert from "node:assert/strict";
import { estimateBytes } from "../../../framework/cache/memory_size.ts";

Deno.test("estimateBytes() counts text, bytes and what collections hold", () => {
  const text = "x".repeat(1000);
  for (
    const [value, least] of [
      [text, 2000],
      [new Uint8Array(5000), 5000],
      [new ArrayBuffer(5000), 5000],
      [{ deep: [{ text }] }, 2000],
      [new Map([[text, text]]), 4000],
      [new Set([text]), 2000],
      [2n ** 8000n, 1000],
    ] as const
  ) {
    const bytes = estimateBytes(value);
    assert.ok(bytes >= least && bytes < least + 200, `${bytes} for ${least}`);
  }
});

Deno.test("estimateBytes() counts what is reached twice once, and ends on a cycle", () => {
  const shared = { text: "x".repeat(1000) };
  const cycle: Record<string, unknown> = { one: shared, two: shared };
  cycle.self = cycle;
  assert.ok(estimateBytes(cycle) < 2300);
});

Deno.test("estimateBytes() does not overflow the stack on a long chain", () => {
  let chain: unknown = null;
  for (let depth = 0; depth < 100_000; depth++) chain = { chain };
  assert.ok(estimateBytes(chain) > 100_000);
});
