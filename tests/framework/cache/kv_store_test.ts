import assert from "node:assert/strict";
import { KvStore } from "../../../framework/cache/kv_store.ts";
import { type CacheEntry, CacheValueError } from "../../../framework/cache/store.ts";

function entry(value: unknown, tags: readonly string[] = []): CacheEntry {
  const storedAt = Date.now();
  return { value, storedAt, freshUntil: storedAt + 60_000, expiresAt: storedAt + 90_000, tags };
}

async function keysUnder(kv: Deno.Kv, prefix: Deno.KvKey): Promise<Deno.KvKey[]> {
  return (await Array.fromAsync(kv.list({ prefix }))).map(({ key }) => key);
}

function noise(bytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8)) % 256);
}

for (
  const { what, value } of [
    { what: "null", value: null },
    { what: "undefined", value: undefined },
    {
      what: "a map, a set, a date, a big integer",
      value: { m: new Map([[1, new Set([2n])]]), d: new Date(0) },
    },
    {
      what: "bytes that are part of a larger buffer",
      value: new Uint8Array(1000).fill(7).subarray(3, 9),
    },
    { what: "text beyond ASCII", value: "Tee ☕ für 2" },
    { what: "a value at the edge of one key", value: noise(29_990) },
    { what: "a value just beyond one key", value: noise(30_001) },
    { what: "a value of many keys", value: { blob: noise(1_500_000), name: "big" } },
  ]
) {
  Deno.test(`KvStore gives back ${what}`, async () => {
    using kv = await Deno.openKv(":memory:");
    const store = new KvStore(kv);
    const kept = entry(value, ["t"]);
    await store.set("key", kept);
    assert.deepEqual(await store.get("key"), kept);
  });
}

Deno.test("KvStore replaces the largest value with the most tags under the longest prefix", async () => {
  using kv = await Deno.openKv(":memory:");
  const maxValueBytes = 16 * 1024 * 1024;
  const store = new KvStore(kv, { prefix: ["x".repeat(98)], maxValueBytes });
  const tags = (fill: string) => Array.from({ length: 64 }, (_, n) => `${n}`.padEnd(62, fill));
  const key = "k".repeat(62);
  await store.set(key, entry(new Uint8Array(maxValueBytes - 20), tags("a")));
  const kept = entry(noise(29_990), tags("b").map((tag) => tag.padEnd(256, "☕")));
  await store.set(key, kept);
  assert.deepEqual(await store.get(key), kept);
  assert.deepEqual(await keysUnder(kv, ["x".repeat(98), "part"]), []);
  await Promise.all(tags("c").map((key) => store.set(key, entry(1, tags("d")))));
  await store.clear();
  assert.deepEqual(await keysUnder(kv, []), []);
});

Deno.test("KvStore tells long keys apart, and from keys that look like their digests", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvStore(kv);
  const keys = [5000, 5001, 62, 63, 64].flatMap((length) =>
    ["x", "☕", "\0"].map((x) => x.repeat(length))
  );
  for (const key of keys) await store.set(key, entry(key));
  for (const key of keys) assert.equal((await store.get(key))?.value, key);
});

Deno.test("KvStore leaves nothing of a value behind when it is replaced or deleted", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvStore(kv);
  await store.set("key", entry(noise(200_000), ["a", "b"]));
  await store.set("key", entry(noise(100_000), ["b", "c"]));
  assert.deepEqual(await keysUnder(kv, ["cache", "tag"]), [
    ["cache", "tag", "b", "key"],
    ["cache", "tag", "c", "key"],
  ]);
  assert.equal((await keysUnder(kv, ["cache", "part"])).length, 2);
  assert.equal(await store.delete("key"), true);
  assert.equal(await store.delete("key"), false);
  assert.deepEqual(await keysUnder(kv, []), []);
});

Deno.test("KvStore gives one whole write or none when many write at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvStore(kv);
  const write = (fill: number) => store.set("key", entry(new Uint8Array(150_000).fill(fill)));
  await Promise.all(Array.from({ length: 8 }, (_, fill) => write(fill)));
  const reads = await Promise.all([
    ...Array.from({ length: 8 }, () => store.get("key")),
    ...Array.from({ length: 8 }, (_, fill) => write(fill).then(() => store.get("key"))),
  ]);
  for (const read of reads) {
    if (read === undefined) continue;
    const bytes = read.value as Uint8Array;
    assert.equal(bytes.byteLength, 150_000);
    assert.equal(new Set(bytes).size, 1);
  }
  assert.ok(await store.get("key"));
  assert.equal((await keysUnder(kv, ["cache", "part"])).length, 3);
});

Deno.test("KvStore.deleteTag() removes every entry with the tag and no other", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvStore(kv);
  for (let index = 0; index < 35; index++) {
    await store.set(`k${index}`, entry(index, index % 2 === 0 ? ["even"] : ["odd", "all"]));
  }
  await store.deleteTag("even");
  assert.equal(await store.get("k34"), undefined);
  assert.equal((await store.get("k33"))?.value, 33);
  assert.equal((await keysUnder(kv, ["cache", "entry"])).length, 17);
  assert.equal((await keysUnder(kv, ["cache", "tag"])).length, 34);
});

Deno.test("KvStore.clear() removes in batches and touches nothing outside its prefix", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvStore(kv, { prefix: ["cache", "one"] });
  const other = new KvStore(kv, { prefix: ["cache", "two"] });
  await kv.set(["orders", "o1"], "kept");
  await other.set("k", entry("kept"));
  await Promise.all(
    Array.from({ length: 350 }, (_, index) => store.set(`k${index}`, entry(index, ["t"]))),
  );
  await store.clear();
  assert.deepEqual(await keysUnder(kv, ["cache", "one"]), []);
  assert.equal((await other.get("k"))?.value, "kept");
  assert.equal((await kv.get(["orders", "o1"])).value, "kept");
});

for (
  const { what, value, fault } of [
    { what: "a function", value: { run: () => 1 }, fault: "not serializable" },
    { what: "a value that is too large", value: noise(1001), fault: "too large" },
  ]
) {
  Deno.test(`KvStore.set() refuses ${what} before KV is asked`, async () => {
    const kv = await Deno.openKv(":memory:");
    kv.close();
    const store = new KvStore(kv, { maxValueBytes: 1000 });
    await assert.rejects(store.set("key", entry(value)), (error) => {
      assert.ok(error instanceof CacheValueError);
      assert.equal(error.fault, fault);
      return true;
    });
  });
}

Deno.test("KvStore.get() takes what another program left there for nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["cache", "entry", "key"], { format: 99, body: "?" });
  const store = new KvStore(kv);
  assert.equal(await store.get("key"), undefined);
  await store.set("key", entry("mine"));
  assert.equal((await store.get("key"))?.value, "mine");
});

Deno.test("KvStore refuses an empty prefix and a size it cannot keep", async () => {
  using kv = await Deno.openKv(":memory:");
  assert.throws(
    () => new KvStore(kv, { prefix: [] }),
    /^TypeError: Cannot keep a cache under an empty prefix/,
  );
  assert.throws(() => new KvStore(kv, { prefix: ["x".repeat(99)] }), /^RangeError: .* 101 bytes/);
  for (const maxValueBytes of [0, NaN, 2 ** 30]) {
    assert.throws(() => new KvStore(kv, { maxValueBytes }), RangeError);
  }
});
