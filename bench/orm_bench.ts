import { traceKv } from "../framework/orm/kv.ts";

// No SDK is registered here: what is measured is what a traced KV costs an application that has
// telemetry off. Each group's baseline is the bare KV.

const key = ["model", "product", "record", "0192f0a4-6c1e-7c3a-9d2e-5b1f0c9a7e44"];
const keys = Array.from({ length: 10 }, (_, i) => ["model", "product", "record", `p${i}`]);
const value = { name: "Lamp", price: 1999, tags: ["home", "light"], stock: 7 };

/**
 * A KV that answers at once. A call to the real one goes to another thread and takes as long as that
 * thread makes it, give or take ten microseconds, which hides the nanoseconds that are looked for.
 */
async function openInstantKv(): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  const written = { ok: true, versionstamp: "00000000000000010000" };
  const entry = { key, value, versionstamp: written.versionstamp };
  const begin = kv.atomic.bind(kv);
  return Object.assign(kv, {
    get: () => Promise.resolve(entry),
    getMany: () => Promise.resolve(keys.map(() => entry)),
    set: () => Promise.resolve(written),
    delete: () => Promise.resolve(),
    enqueue: () => Promise.resolve(written),
    atomic: () => Object.assign(begin(), { commit: () => Promise.resolve(written) }),
  });
}

const real = await Deno.openKv(":memory:");
for (const each of [key, ...keys]) await real.set(each, value);
const instant = await openInstantKv();

for (const [kind, bare] of [["", real], ["instant ", instant]] as const) {
  for (const [name, kv] of [["bare", bare], ["traced", traceKv(bare)]] as const) {
    const bench = (operation: string, fn: () => Promise<unknown>) =>
      Deno.bench(`${kind}${operation}, ${name}`, {
        group: `${kind}${operation}`,
        baseline: name === "bare",
      }, async () => {
        await fn();
      });
    bench("get", () => kv.get(key));
    bench("getMany of 10", () => kv.getMany(keys));
    bench("set", () => kv.set(key, value));
    bench("delete", () => kv.delete(["model", "product", "record", "none"]));
    bench("atomic of 3", () =>
      kv.atomic()
        .check({ key: ["none"], versionstamp: null })
        .set(key, value)
        .sum(["model", "product", "count"], 1n)
        .commit());
    if (kind === "instant ") continue;
    bench("list of 10", async () => {
      for await (const _ of kv.list({ prefix: ["model", "product", "record"] })) { /* all */ }
    });
  }
}
