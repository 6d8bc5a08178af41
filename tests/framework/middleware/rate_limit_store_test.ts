import assert from "node:assert/strict";
import { MemoryRateLimitStore } from "../../../framework/middleware/rate_limit_store.ts";

Deno.test("MemoryRateLimitStore counts each key in its own window", () => {
  let now = 0;
  const store = new MemoryRateLimitStore({ now: () => now });
  assert.deepEqual(store.hit("a", 100), { hits: 1, resetMillis: 100 });
  now = 60;
  assert.deepEqual(store.hit("b", 100), { hits: 1, resetMillis: 100 });
  assert.deepEqual(store.hit("a", 100), { hits: 2, resetMillis: 40 });
  now = 100;
  assert.deepEqual(store.hit("a", 100), { hits: 1, resetMillis: 100 });
  assert.deepEqual(store.hit("b", 100), { hits: 2, resetMillis: 60 });
});

Deno.test("MemoryRateLimitStore drops windows that are over when a new one begins", () => {
  let now = 0;
  const store = new MemoryRateLimitStore({ now: () => now });
  for (let i = 0; i < 1_000; i++) store.hit(`old ${i}`, 100);
  assert.equal(store.size, 1_000);
  now = 100;
  store.hit("new", 100);
  assert.equal(store.size, 1);
});

Deno.test("MemoryRateLimitStore forgets the oldest key rather than grow past its bound", () => {
  const store = new MemoryRateLimitStore({ maxKeys: 3, now: () => 0 });
  for (const key of ["a", "b", "c", "a", "d"]) store.hit(key, 100);
  assert.equal(store.size, 3);
  assert.equal(store.hit("c", 100).hits, 2);
  assert.equal(store.hit("a", 100).hits, 1, "forgotten, for it was the oldest");
  for (let i = 0; i < 100_000; i++) store.hit(String(i), 100);
  assert.equal(store.size, 3);
});

Deno.test("MemoryRateLimitStore counts with the process's clock unless told", () => {
  const { hits, resetMillis } = new MemoryRateLimitStore().hit("a", 60_000);
  assert.equal(hits, 1);
  assert.equal(resetMillis, 60_000);
  assert.throws(() => new MemoryRateLimitStore({ maxKeys: 0 }), RangeError);
});
