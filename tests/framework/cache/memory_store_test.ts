import assert from "node:assert/strict";
import { MemoryStore } from "../../../framework/cache/memory_store.ts";
import { type CacheEntry, CacheValueError } from "../../../framework/cache/store.ts";

function entry(value: unknown, tags: readonly string[] = []): CacheEntry {
  return { value, storedAt: 0, freshUntil: Infinity, expiresAt: Infinity, tags };
}

function keysOf(store: MemoryStore, keys: readonly string[]): string[] {
  return keys.filter((key) => store.get(key) !== undefined);
}

Deno.test("MemoryStore lets go of what was not asked for the longest when it has too many entries", () => {
  const store = new MemoryStore({ maxEntries: 3 });
  for (const key of ["a", "b", "c"]) store.set(key, entry(key));
  store.get("a");
  store.set("b", entry("newer"));
  store.set("d", entry("d"));
  assert.deepEqual(keysOf(store, ["a", "b", "c", "d"]), ["a", "b", "d"]);
  assert.equal(store.size, 3);
});

Deno.test("MemoryStore stays within its bytes, whatever replaces what", () => {
  const store = new MemoryStore({ maxBytes: 1000, sizeOf: (value) => Number(value) });
  store.set("a", entry(400));
  store.set("b", entry(400));
  assert.equal(store.bytes, 804);
  store.set("b", entry(100));
  assert.equal(store.bytes, 504);
  store.set("c", entry(600));
  assert.deepEqual(keysOf(store, ["a", "b", "c"]), ["b", "c"]);
  assert.equal(store.bytes, 704);
  store.delete("c");
  assert.equal(store.bytes, 102);
  store.clear();
  assert.deepEqual([store.bytes, store.size], [0, 0]);
});

Deno.test("MemoryStore refuses a value larger than itself and keeps the rest", () => {
  const store = new MemoryStore({ maxBytes: 1000 });
  store.set("a", entry("small"));
  assert.throws(() => store.set("b", entry(new Uint8Array(1000))), (error) => {
    assert.ok(error instanceof CacheValueError);
    assert.equal(error.fault, "too large");
    assert.match(error.message, /^Cannot keep a value of 1\d{3} bytes in memory: .* at most 1000$/);
    return true;
  });
  assert.equal(store.size, 1);
});

Deno.test("MemoryStore.deleteTag() removes what has the tag now, not what had it once", () => {
  const store = new MemoryStore();
  store.set("a", entry(1, ["x", "y"]));
  store.set("b", entry(2, ["x"]));
  store.set("c", entry(3, ["y"]));
  store.set("b", entry(2, ["y"]));
  store.deleteTag("x");
  assert.deepEqual(keysOf(store, ["a", "b", "c"]), ["b", "c"]);
  store.deleteTag("never used");
  assert.equal(store.size, 2);
});

for (const options of [{ maxEntries: 0 }, { maxBytes: -1 }, { maxEntries: NaN }]) {
  Deno.test(`MemoryStore throws a RangeError when made with ${Deno.inspect(options)}`, () => {
    assert.throws(() => new MemoryStore(options), RangeError);
  });
}
