import assert from "node:assert/strict";
import { Levels } from "../../../framework/cache/levels.ts";
import { KvStore } from "../../../framework/cache/kv_store.ts";
import { MemoryStore } from "../../../framework/cache/memory_store.ts";
import type { CacheEntry } from "../../../framework/cache/store.ts";
import { StoreFailures } from "../../../framework/cache/store_failures.ts";
import { Logger } from "../../../framework/telemetry/logger.ts";

/** A KV store whose reads arrive late: what they found is held back until the test lets it go. */
class SlowKvStore extends KvStore {
  readonly #gate = Promise.withResolvers<void>();
  readonly #read = Promise.withResolvers<void>();
  readonly hasRead = this.#read.promise;
  readonly open = this.#gate.resolve;

  override async get(key: string): Promise<CacheEntry | undefined> {
    const entry = await super.get(key);
    this.#read.resolve();
    await this.#gate.promise;
    return entry;
  }
}

function entry(value: unknown): CacheEntry {
  const storedAt = Date.now();
  return { value, storedAt, freshUntil: Infinity, expiresAt: Infinity, tags: ["tag"] };
}

const overtaking: readonly [string, unknown, (levels: Levels) => Promise<unknown>][] = [
  ["set()", "new", (levels) => levels.set("key", entry("new"))],
  ["delete()", undefined, (levels) => levels.delete("key")],
  ["deleteTag()", undefined, (levels) => levels.deleteTag("tag")],
  ["clear()", undefined, (levels) => levels.clear()],
];
for (const [name, expected, overtake] of overtaking) {
  Deno.test(`Levels.find() does not fill memory with what ${name} has overtaken`, async () => {
    using kv = await Deno.openKv(":memory:");
    const memory = new MemoryStore();
    const slow = new SlowKvStore(kv);
    const levels = new Levels({
      stores: [memory, slow],
      now: Date.now,
      nearMillis: Infinity,
      failures: new StoreFailures("throw", new Logger({ sinks: [] })),
    });
    await slow.set("key", entry("old"));
    const reading = levels.find("key");
    await slow.hasRead;
    await overtake(levels);
    slow.open();
    assert.equal((await reading)?.entry.value, "old");
    assert.equal(memory.get("key")?.value, expected);
  });
}
