import assert from "node:assert/strict";
import { Cache } from "../../../framework/cache/cache.ts";
import { KvStore } from "../../../framework/cache/kv_store.ts";
import { MemoryStore } from "../../../framework/cache/memory_store.ts";
import { type CacheEntry, CacheValueError } from "../../../framework/cache/store.ts";
import { Logger, type LogRecord } from "../../../framework/telemetry/logger.ts";
import { startProcess } from "../../_process.ts";
import { Clock } from "./_clock.ts";

/** A loader that a test lets go when it likes, and that counts its calls. */
function gatedLoader<T>(value: T) {
  const gate = Promise.withResolvers<void>();
  const state = { calls: 0 };
  const load = async () => {
    state.calls += 1;
    await gate.promise;
    return value;
  };
  return { state, load, open: gate.resolve, fail: gate.reject };
}

function recordingLogger() {
  const records: LogRecord[] = [];
  const lines = () => records.map(({ level, fields }) => `${level} ${fields.source}`);
  return { lines, logger: new Logger({ sinks: [(record) => records.push(record)] }) };
}

async function twoLevels(clock: Clock, options: { nearTtl?: number } = {}) {
  const kv = await Deno.openKv(":memory:");
  const memory = new MemoryStore();
  const stores = [memory, new KvStore(kv)] as const;
  const cache = new Cache({ stores, now: clock.now, ...options });
  return { kv, memory, cache, [Symbol.dispose]: () => kv.close() };
}

Deno.test("Cache gives back what was set until its ttl is over", async () => {
  const clock = new Clock();
  const cache = new Cache({ now: clock.now });
  await cache.set("a", { n: 1 }, { ttl: 10 });
  await cache.set("b", null, { ttl: Infinity });
  await cache.set("c", "by default");
  clock.advance(9.999);
  assert.deepEqual(await cache.get("a"), { n: 1 });
  clock.advance(0.001);
  assert.equal(await cache.get("a"), undefined);
  clock.advance(289.999);
  assert.equal(await cache.get("c"), "by default");
  clock.advance(1e9);
  assert.equal(await cache.get("c"), undefined);
  assert.equal(await cache.get("b"), null);
});

Deno.test("Cache takes up to the share of jitter off a ttl", async () => {
  const clock = new Clock();
  let chance = 0;
  const cache = new Cache({ now: clock.now, random: () => chance, jitter: 0.5 });
  for (chance of [0, 0.5, 1]) await cache.set(`chance ${chance}`, chance, { ttl: 100 });
  await cache.set("none", 0, { ttl: 100, jitter: 0 });
  const left = async () => {
    const keys = ["chance 0", "chance 0.5", "chance 1", "none"];
    const values = await Promise.all(keys.map((key) => cache.get(key)));
    return keys.filter((_, index) => values[index] !== undefined);
  };
  clock.advance(50);
  assert.deepEqual(await left(), ["chance 0", "chance 0.5", "none"]);
  clock.advance(25);
  assert.deepEqual(await left(), ["chance 0", "none"]);
});

Deno.test("Cache.delete(), invalidateTag() and clear() remove from both stores", async () => {
  using levels = await twoLevels(new Clock());
  const { cache, memory, kv } = levels;
  for (const key of ["a", "b", "c"]) await cache.set(key, key, { tags: [`tag of ${key}`, "all"] });
  assert.equal(await cache.delete("a"), true);
  assert.equal(await cache.delete("a"), false);
  await cache.invalidateTag("tag of b");
  assert.deepEqual(await Promise.all(["a", "b", "c"].map((key) => cache.get(key))), [
    undefined,
    undefined,
    "c",
  ]);
  await cache.clear();
  assert.equal(memory.size, 0);
  assert.deepEqual(await Array.fromAsync(kv.list({ prefix: [] })), []);
});

Deno.test("Cache fills memory from KV for the time that is left", async () => {
  const clock = new Clock();
  using levels = await twoLevels(clock);
  const { cache, memory, kv } = levels;
  await cache.set("key", "value", { ttl: 10 });
  memory.clear();
  clock.advance(6);
  assert.equal(await cache.get("key"), "value");
  assert.equal(memory.size, 1);
  await kv.delete(["cache", "entry", "key"]);
  clock.advance(3.9);
  assert.equal(await cache.get("key"), "value");
  clock.advance(0.1);
  assert.equal(await cache.get("key"), undefined);
});

Deno.test("Cache with nearTtl asks KV again, and hears of another process's write", async () => {
  const clock = new Clock();
  using levels = await twoLevels(clock, { nearTtl: 5 });
  const { cache, kv } = levels;
  const elsewhere = new Cache({ stores: [new KvStore(kv)], now: clock.now });
  await cache.set("key", "old", { ttl: 60 });
  await elsewhere.set("key", "new", { ttl: 60 });
  clock.advance(4.9);
  assert.equal(await cache.get("key"), "old");
  clock.advance(0.1);
  assert.equal(await cache.get("key"), "new");
});

Deno.test("Cache on a KV file is shared with another process", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/cache.sqlite`;
    const source = `
      import { Cache, KvStore } from ${
      JSON.stringify(new URL("../../../framework/cache/mod.ts", import.meta.url).href)
    };
      using kv = await Deno.openKv(${JSON.stringify(path)});
      const cache = new Cache({ stores: [new KvStore(kv)] });
      await cache.set("big", new Uint8Array(100_000).fill(7), { tags: ["t"] });
      console.log("stored");`;
    await Deno.writeTextFile(`${folder}/writer.ts`, source);
    const config = new URL("../../../deno.json", import.meta.url).pathname;
    const args = ["run", "-A", `--config=${config}`, `${folder}/writer.ts`];
    await using writer = await startProcess({ args, ready: /^stored$/ });
    assert.equal((await writer.status).code, 0);
    using kv = await Deno.openKv(path);
    const cache = new Cache({ stores: [new MemoryStore(), new KvStore(kv)] });
    assert.deepEqual(await cache.get("big"), new Uint8Array(100_000).fill(7));
    await cache.invalidateTag("t");
    assert.equal(await cache.get("big"), undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const where of ["memory", "memory and KV"]) {
  Deno.test(`Cache.getOrSet() loads once for a hundred at once: ${where}`, async () => {
    using levels = await twoLevels(new Clock());
    const cache = where === "memory" ? new Cache() : levels.cache;
    const { state, load, open } = gatedLoader({ price: 3 });
    const early = Array.from({ length: 50 }, () => cache.getOrSet("key", load));
    await new Promise((resolve) => setTimeout(resolve));
    const late = Array.from({ length: 50 }, () => cache.getOrSet("key", load));
    open();
    const values = await Promise.all([...early, ...late]);
    assert.deepEqual(values, Array.from({ length: 100 }, () => ({ price: 3 })));
    assert.deepEqual(await cache.getOrSet("key", load), { price: 3 });
    assert.equal(state.calls, 1);
  });
}

Deno.test("Cache.getOrSet() gives what the loader throws to all who wait, and caches none of it", async () => {
  const cache = new Cache();
  const failure = new Error("the shop is closed");
  const { load, fail, state } = gatedLoader(1);
  const waiting = [cache.getOrSet("key", load), cache.getOrSet("key", load)];
  fail(failure);
  const results = await Promise.allSettled(waiting);
  assert.deepEqual(results.map((result) => result.status === "rejected" && result.reason), [
    failure,
    failure,
  ]);
  assert.equal(state.calls, 1);
  const throws = () => {
    throw failure;
  };
  await assert.rejects(cache.getOrSet("key", throws), failure);
  assert.equal(await cache.getOrSet("key", () => 2), 2);
});

for (const nothing of [null, undefined]) {
  Deno.test(`Cache.getOrSet() keeps ${nothing} for negativeTtl only`, async () => {
    const clock = new Clock();
    const cache = new Cache({ now: clock.now });
    let calls = 0;
    const load = (): string | null | undefined => {
      calls += 1;
      return nothing;
    };
    await cache.getOrSet("key", load, { ttl: 100 });
    await cache.getOrSet("key", load, { ttl: 100 });
    assert.equal(calls, 2);
    await cache.getOrSet("key", load, { ttl: 100, negativeTtl: 5 });
    assert.equal(await cache.getOrSet("key", load), nothing);
    assert.equal(calls, 3);
    clock.advance(5);
    await cache.getOrSet("key", load);
    assert.equal(calls, 4);
  });
}

Deno.test("Cache.getOrSet() serves a stale value while one refresh runs", async () => {
  const clock = new Clock();
  using levels = await twoLevels(clock);
  const { cache } = levels;
  const terms = { ttl: 10, staleWhileRevalidate: 20 };
  await cache.getOrSet("key", () => "old", terms);
  clock.advance(10);
  const { state, load, open } = gatedLoader("new");
  const ask = () => cache.getOrSet("key", load, terms);
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), ["old", "old", "old"]);
  assert.equal(await ask(), "old");
  assert.equal(await cache.get("key"), undefined);
  open();
  await cache.settled();
  assert.equal(state.calls, 1);
  assert.equal(await ask(), "new");
  clock.advance(30);
  assert.equal(await cache.getOrSet("key", () => "newest", terms), "newest");
});

Deno.test("Cache.getOrSet() waits for the running refresh when the stale value is past serving", async () => {
  const clock = new Clock();
  const cache = new Cache({ now: clock.now });
  const terms = { ttl: 10, staleWhileRevalidate: 5 };
  await cache.getOrSet("key", () => "old", terms);
  clock.advance(12);
  const { state, load, open } = gatedLoader("new");
  assert.equal(await cache.getOrSet("key", load, terms), "old");
  clock.advance(5);
  const waiting = cache.getOrSet("key", load, terms);
  open();
  assert.equal(await waiting, "new");
  await cache.settled();
  assert.equal(state.calls, 1);
});

Deno.test("Cache.getOrSet() keeps serving stale when a refresh fails, and tries again", async () => {
  const clock = new Clock();
  const { lines, logger } = recordingLogger();
  const cache = new Cache({ now: clock.now, logger });
  const terms = { ttl: 10, staleWhileRevalidate: 60 };
  await cache.set("key", "old", terms);
  clock.advance(10);
  const failing = () => Promise.reject(new Error("down"));
  for (let times = 0; times < 3; times++) {
    assert.equal(await cache.getOrSet("key", failing, terms), "old");
    await cache.settled();
  }
  assert.equal(await cache.getOrSet("key", () => "new", terms), "old");
  await cache.settled();
  assert.equal(await cache.get("key"), "new");
  assert.deepEqual(lines(), ["warn refresh", "info refresh"]);
});

Deno.test("Cache.getOrSet() forgets a stale value whose refresh found nothing", async () => {
  const clock = new Clock();
  const cache = new Cache({ now: clock.now });
  const terms = { ttl: 10, staleWhileRevalidate: 60 };
  await cache.set("key", "old", terms);
  clock.advance(10);
  assert.equal(await cache.getOrSet<string | null>("key", () => null, terms), "old");
  await cache.settled();
  assert.equal(await cache.getOrSet("key", () => "anew"), "anew");
});

const removals: readonly [string, (cache: Cache) => Promise<unknown>][] = [
  ["delete()", (cache) => cache.delete("key")],
  ["invalidateTag()", (cache) => cache.invalidateTag("tag")],
  ["clear()", (cache) => cache.clear()],
];
for (const [name, remove] of removals) {
  Deno.test(`Cache.getOrSet() does not keep what it began to load before ${name}`, async () => {
    using levels = await twoLevels(new Clock());
    const { cache } = levels;
    const outdated = gatedLoader("outdated");
    const early = cache.getOrSet("key", outdated.load, { tags: ["tag"] });
    await remove(cache);
    const late = cache.getOrSet("key", () => "current", { tags: ["tag"] });
    outdated.open();
    assert.deepEqual(await Promise.all([early, late]), ["outdated", "current"]);
    assert.equal(await cache.get("key"), "current");
  });
}

Deno.test("Cache.getOrSet() takes back what it was writing when it was deleted", async () => {
  const gate = Promise.withResolvers<void>();
  const writing = Promise.withResolvers<void>();
  class SlowStore extends KvStore {
    override async set(key: string, entry: CacheEntry): Promise<void> {
      writing.resolve();
      await gate.promise;
      await super.set(key, entry);
    }
  }
  using kv = await Deno.openKv(":memory:");
  const cache = new Cache({ stores: [new MemoryStore(), new SlowStore(kv)] });
  const loading = cache.getOrSet("key", () => "outdated");
  await writing.promise;
  await cache.delete("key");
  gate.resolve();
  assert.equal(await loading, "outdated");
  assert.equal(await cache.get("key"), undefined);
});

Deno.test("Cache.getOrSet() does not write over what was set meanwhile", async () => {
  const cache = new Cache();
  const { load, open } = gatedLoader("loaded");
  const loading = cache.getOrSet("key", load);
  await cache.set("key", "set");
  open();
  assert.equal(await loading, "loaded");
  assert.equal(await cache.get("key"), "set");
});

Deno.test("Cache goes on without a KV that fails, and says so once", async () => {
  const { lines, logger } = recordingLogger();
  const kv = await Deno.openKv(":memory:");
  const cache = new Cache({ stores: [new KvStore(kv)], logger });
  kv.close();
  assert.equal(await cache.get("key"), undefined);
  await cache.set("key", "value");
  assert.equal(await cache.getOrSet("key", () => "loaded"), "loaded");
  assert.deepEqual(lines(), ["warn kv"]);
  for (
    const remove of [() => cache.delete("key"), () => cache.clear(), () => cache.invalidateTag("t")]
  ) {
    await assert.rejects(remove(), Deno.errors.BadResource);
  }
});

Deno.test("Cache still answers from memory when the KV behind it fails", async () => {
  const { logger } = recordingLogger();
  const kv = await Deno.openKv(":memory:");
  const cache = new Cache({ stores: [new MemoryStore(), new KvStore(kv)], logger });
  kv.close();
  await cache.set("key", "value");
  assert.equal(await cache.get("key"), "value");
  await assert.rejects(cache.delete("key"), Deno.errors.BadResource);
  assert.equal(await cache.get("key"), undefined);
});

Deno.test("Cache throws what its store throws when told to", async () => {
  const kv = await Deno.openKv(":memory:");
  const cache = new Cache({ stores: [new KvStore(kv)], onStoreError: "throw" });
  kv.close();
  await assert.rejects(cache.get("key"), Deno.errors.BadResource);
  await assert.rejects(cache.set("key", 1), Deno.errors.BadResource);
  await assert.rejects(cache.getOrSet("key", () => 1), Deno.errors.BadResource);
});

Deno.test("Cache.set() refuses a value the last store cannot keep, and the old one is gone", async () => {
  const { lines, logger } = recordingLogger();
  using kv = await Deno.openKv(":memory:");
  const stores = [new MemoryStore(), new KvStore(kv, { maxValueBytes: 100 })] as const;
  const cache = new Cache({ stores, logger });
  await cache.set("key", "old");
  await assert.rejects(cache.set("key", "x".repeat(200)), CacheValueError);
  assert.equal(await cache.get("key"), undefined);
  assert.equal((await cache.getOrSet("key", () => "y".repeat(200))).length, 200);
  assert.deepEqual(lines(), ["warn value"]);
});

Deno.test("Cache.set() leaves to KV what is too large for memory", async () => {
  using kv = await Deno.openKv(":memory:");
  const memory = new MemoryStore({ maxBytes: 500 });
  const cache = new Cache({ stores: [memory, new KvStore(kv)] });
  await cache.set("key", "old");
  await cache.set("key", "x".repeat(1000));
  assert.equal(memory.size, 0);
  assert.equal(await cache.get("key"), "x".repeat(1000));
});

Deno.test("Cache.refreshInBackground() runs one at a time for each key", async () => {
  const cache = new Cache();
  const { state, load, open } = gatedLoader(0);
  cache.refreshInBackground("a", load);
  cache.refreshInBackground("a", load);
  cache.refreshInBackground("b", load);
  open();
  await cache.settled();
  cache.refreshInBackground("a", load);
  await cache.settled();
  assert.equal(state.calls, 3);
});

const misuses: readonly [string, (cache: Cache) => unknown, RegExp][] = [
  ["an empty key", (cache) => cache.get(""), /^TypeError: Cannot use an empty key in a cache/],
  ["a lone surrogate", (cache) => cache.delete("a\ud800"), /^TypeError: .*lone surrogate/],
  ["a number as key", (cache) => cache.get(7 as unknown as string), /^TypeError: .*type number/],
  ["a ttl of 0", (cache) => cache.set("k", 1, { ttl: 0 }), /^RangeError: Cannot cache with ttl 0/],
  ["a ttl of NaN", (cache) => cache.getOrSet("k", () => 1, { ttl: NaN }), /^RangeError: .*ttl NaN/],
  [
    "a bad negativeTtl",
    (cache) => cache.getOrSet("k", () => 1, { negativeTtl: -1 }),
    /negativeTtl -1/,
  ],
  ["a bad window", (cache) => cache.set("k", 1, { staleWhileRevalidate: -5 }), /^RangeError: .*-5/],
  ["a jitter above 1", (cache) => cache.set("k", 1, { jitter: 2 }), /^RangeError: .*jitter 2/],
  [
    "an empty tag",
    (cache) => cache.set("k", 1, { tags: [""] }),
    /^TypeError: Cannot use the tag ""/,
  ],
  [
    "too many tags",
    (cache) => cache.set("k", 1, { tags: Array.from({ length: 65 }, String) }),
    /65 tags/,
  ],
  ["a long tag", (cache) => cache.invalidateTag("x".repeat(257)), /^TypeError: .*1 to 256/],
  ["undefined", (cache) => cache.set("k", undefined), /^TypeError: Cannot cache undefined/],
  ["a promise", (cache) => cache.set("k", Promise.resolve(1)), /^TypeError: .*await it first/],
  ["a Response", (cache) => cache.getOrSet("k", () => new Response("x")), /^TypeError: .*Response/],
];
for (const [what, misuse, message] of misuses) {
  Deno.test(`Cache refuses ${what}`, async () => {
    await assert.rejects(async () => await misuse(new Cache()), message);
  });
}

Deno.test("Cache refuses options out of their range", () => {
  for (const options of [{ ttl: -1 }, { nearTtl: 0 }, { jitter: 1.5 }]) {
    assert.throws(() => new Cache(options), RangeError);
  }
});
