import assert from "node:assert/strict";
import { Model } from "../../../framework/orm/model.ts";
import type { TracedKv } from "../../../framework/orm/kv.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { startProcess } from "../../_process.ts";
import { fileKv, userModel } from "./_fixtures.ts";

const ADA = { email: "ada@example.com", name: "Ada" };

async function contend(kv: TracedKv): Promise<void> {
  const users = new Model(kv, userModel);
  const { id } = await users.create(ADA);
  const contender = async () => {
    for (let i = 0; i < 50; i++) await users.update(id, ({ visits }) => ({ visits: visits + 1 }));
  };
  await Promise.all(Array.from({ length: 20 }, contender));
  assert.equal((await users.find(id))?.visits, 1000);
  assert.equal((await users.findBy("visits", 1000))?.id, id);
  assert.equal(await users.query().orderBy("visits").count(), 1);
}

Deno.test("update() loses no increment when 20 contend for a field in memory", async () => {
  using kv = await openKv(":memory:");
  await contend(kv);
});

Deno.test("update() loses no increment when 20 contend for a field on disk", async () => {
  await using database = await fileKv();
  await contend(database.kv);
});

Deno.test("update() loses no increment when processes contend for a field on disk", async () => {
  await using database = await fileKv();
  const users = new Model(database.kv, userModel);
  const { id } = await users.create(ADA);
  const orm = (file: string) => import.meta.resolve(`../../../framework/orm/${file}.ts`);
  const script = `
    import { Model } from "${orm("model")}";
    import { openKv } from "${orm("open_kv")}";
    import { userModel } from "${import.meta.resolve("./_fixtures.ts")}";
    using kv = await openKv(${JSON.stringify(database.path)});
    const users = new Model(kv, userModel);
    const contender = async () => {
      for (let i = 0; i < 25; i++) {
        await users.update("${id}", ({ visits }) => ({ visits: visits + 1 }));
      }
    };
    await Promise.all([contender(), contender()]);`;
  const file = `${database.path}.ts`;
  await Deno.writeTextFile(file, script);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "--no-prompt", "-A", "--unstable-kv", "--config", config, file];
  await using first = await startProcess({ args });
  await using second = await startProcess({ args });
  for (const { status, lines } of [first, second]) {
    assert.equal((await status).code, 0, lines.join("\n"));
  }
  assert.equal((await users.find(id))?.visits, 100);
});
