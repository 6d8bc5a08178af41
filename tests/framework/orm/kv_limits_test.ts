import assert from "node:assert/strict";
import { KvLimitError } from "../../../framework/orm/kv_errors.ts";
import { refusedKey } from "../../../framework/orm/kv_limits.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";

/** Keys of a size that a number sets, in every type of part. */
const KEYS: Readonly<Record<string, (size: number) => Deno.KvKey>> = {
  text: (size) => ["a".repeat(size)],
  "text of two bytes": (size) => ["é".repeat(size)],
  "text with zeros": (size) => ["\0".repeat(size)],
  "half a surrogate pair": (size) => ["\ud800".repeat(size)],
  bytes: (size) => [new Uint8Array(size).fill(1)],
  "zero bytes": (size) => [new Uint8Array(size)],
  number: (size) => [1.5, "a".repeat(size)],
  boolean: (size) => [true, "a".repeat(size)],
  booleans: (size) => Array<boolean>(size + 1).fill(false),
  "zero bigint": (size) => [0n, "a".repeat(size)],
  "bigint of one byte": (size) => [255n, "a".repeat(size)],
  "bigint of two bytes": (size) => [256n, "a".repeat(size)],
  "bigint of eight bytes": (size) => [2n ** 64n - 1n, "a".repeat(size)],
  "bigint of nine bytes": (size) => [-(2n ** 64n), "a".repeat(size)],
};

for (const [name, key] of Object.entries(KEYS)) {
  Deno.test(`refusedKey() draws the line where KV does when a key is of ${name}`, async () => {
    using kv = await Deno.openKv(":memory:");
    let taken = 0;
    let refused = 4096;
    while (refused - taken > 1) {
      const size = (taken + refused) >> 1;
      if (refusedKey(key(size), undefined) === undefined) taken = size;
      else refused = size;
    }
    await kv.set(key(taken), 1);
    await assert.rejects(kv.set(key(refused), 1), /Key too large for write/);
    await kv.get(key(taken));
  });
}

/** Values on either side of KV's limit: `[the largest that it takes, one that it refuses]`. */
const VALUES: Readonly<Record<string, readonly [unknown, unknown]>> = {
  text: ["a".repeat(65_530), "a".repeat(65_531)],
  "text of two bytes a character": ["世".repeat(32_765), "世".repeat(32_766)],
  bytes: [new Uint8Array(65_536), new Uint8Array(65_537)],
  object: [{ a: "a".repeat(65_524) }, { a: "a".repeat(65_525) }],
  array: [["a".repeat(65_525)], ["a".repeat(65_526)]],
};

for (const [name, [largest, refused]] of Object.entries(VALUES)) {
  Deno.test(`TracedKv refuses what KV does, and no more, when a value is ${name}`, async () => {
    using bare = await Deno.openKv(":memory:");
    using kv = await openKv(":memory:");
    await kv.set(["a"], largest);
    assert.ok((await kv.atomic().set(["a"], largest).commit()).ok);
    await assert.rejects(bare.set(["a"], refused), TypeError);
    for (const write of [() => kv.set(["b"], refused), () => kv.enqueue(refused)]) {
      await assert.rejects(write(), KvLimitError);
    }
    await assert.rejects(kv.atomic().set(["b"], refused).commit(), KvLimitError);
    assert.equal((await kv.get(["b"])).versionstamp, null);
  });
}

Deno.test("KvLimitError says what is too large, where, and the limit", async () => {
  using kv = await openKv(":memory:");
  const message = (promise: Promise<unknown>) =>
    promise.then(() => "", (error: KvLimitError) => `${error.actual} ${error.message}`);
  assert.equal(
    await message(kv.set(["users", 7], { text: "a".repeat(70_000) })),
    '70015 The value of the key ["users", …] takes 70,015 B, more than the 65,536 B that Deno KV allows',
  );
  assert.equal(
    await message(kv.withCollection("user").get(["a".repeat(3000)])),
    '3002 A key of "user" takes 3,002 B, more than the 2,048 B that Deno KV allows',
  );
  assert.equal(
    await message(kv.getMany(Array.from({ length: 11 }, (_, i) => [i]))),
    "11 Cannot put 11 keys into one call: Deno KV takes 10 at most",
  );
});

Deno.test("TracedKv takes exactly as much as KV in one call", async () => {
  using kv = await openKv(":memory:");
  const keys = (length: number) => Array.from({ length }, (_, i): Deno.KvKey => [i]);
  assert.equal((await kv.getMany(keys(10))).length, 10);
  await assert.rejects(kv.getMany(keys(11)), KvLimitError);
  await kv.watch(keys(10)).cancel();
  assert.throws(() => kv.watch(keys(11)), KvLimitError);
  for await (const _ of kv.list({ prefix: [] }, { batchSize: 1000 })) assert.fail();
  assert.throws(() => kv.list({ prefix: [] }, { batchSize: 1001 }), KvLimitError);
  assert.throws(() => kv.list({ prefix: ["a".repeat(2047)] }), KvLimitError);
});
