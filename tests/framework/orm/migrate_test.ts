import assert from "node:assert/strict";
import { z } from "zod";
import { defineModel } from "../../../framework/orm/definition.ts";
import { MigrationError, ValidationError } from "../../../framework/orm/errors.ts";
import { Model } from "../../../framework/orm/model.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";

const first = defineModel({
  name: "person",
  schema: z.object({ name: z.string(), mail: z.string() }),
  indexes: { mail: { fields: ["mail"], unique: true } },
});

const oldForm = z.object({ name: z.string(), mail: z.string() });

const third = defineModel({
  name: "person",
  version: 3,
  schema: z.object({ first: z.string(), last: z.string(), email: z.string() }),
  indexes: { email: { fields: ["email"], unique: true }, last: { fields: ["last"] } },
  migrations: {
    1: (data) => {
      const { name, mail } = oldForm.parse(data);
      return { name, email: mail.toLowerCase() };
    },
    2: async (data) => {
      const { name, email } = await Promise.resolve(data as { name: string; email: string });
      const [first = "", last = ""] = name.split(" ");
      return { first, last, email };
    },
  },
});

const ADA = { name: "Ada Lovelace", mail: "Ada@Example.com" };

Deno.test("find() brings an old record to the model's version, and stores nothing", async () => {
  using kv = await openKv(":memory:");
  const { id, createdAt } = await new Model(kv, first).create(ADA);
  const before = await kv.get(["model", "person", "record", id]);
  const ada = await new Model(kv, third).find(id);
  assert.deepEqual(ada, {
    id,
    createdAt,
    updatedAt: createdAt,
    first: "Ada",
    last: "Lovelace",
    email: "ada@example.com",
  });
  assert.deepEqual(await kv.get(["model", "person", "record", id]), before);
});

Deno.test("update() stores an old record at the new version, with its new index entries", async () => {
  using kv = await openKv(":memory:");
  const { id } = await new Model(kv, first).create(ADA);
  const people = new Model(kv, third);
  await people.update(id, { first: "Augusta" });
  const { value } = await kv.get<{ version: number }>(["model", "person", "record", id]);
  assert.equal(value?.version, 3);
  assert.equal((await people.findBy("email", "ada@example.com"))?.id, id);
  const indexes: unknown[] = [];
  for await (const { key } of kv.list({ prefix: ["model", "person", "index"] })) {
    indexes.push(key[3]);
  }
  assert.deepEqual(indexes, ["email", "last"]);
});

Deno.test("migrate() rewrites what is old, once, and keeps times and count", async () => {
  using kv = await openKv(":memory:");
  const old = new Model(kv, first);
  const created = [];
  for (let i = 0; i < 12; i++) {
    created.push(await old.create({ name: `N${i} L${i}`, mail: `M${i}@x` }));
  }
  const people = new Model(kv, third);
  assert.equal(await people.findBy("last", "L7"), null);
  assert.equal(await people.migrate(), 12);
  assert.equal(await people.migrate(), 0);
  const found = await people.findBy("last", "L7");
  assert.equal(found?.id, created[7]?.id);
  assert.deepEqual(found?.updatedAt, created[7]?.updatedAt);
  assert.equal(await people.count(), 12);
  assert.equal(await people.query().orderBy("last").count(), 12);
});

Deno.test("migrate() makes the entries of an index that was added later", async () => {
  using kv = await openKv(":memory:");
  await new Model(kv, first).create(ADA);
  const { schema } = first;
  const indexed = defineModel({ name: "person", schema, indexes: { name: { fields: ["name"] } } });
  const people = new Model(kv, indexed);
  assert.equal(await people.migrate(), 1);
  assert.equal((await people.findBy("name", ADA.name))?.mail, ADA.mail);
  const keys: unknown[] = [];
  for await (const { key } of kv.list({ prefix: ["model", "person", "index"] })) keys.push(key[3]);
  assert.deepEqual(keys, ["name"]);
});

Deno.test("find() throws MigrationError when a record is of a later version", async () => {
  using kv = await openKv(":memory:");
  const { id } = await new Model(kv, third).create({ first: "Ada", last: "L", email: "a@x" });
  await assert.rejects(new Model(kv, first).find(id), {
    name: "MigrationError",
    message: `The "person" with the id "${id}" was stored by version 3, ` +
      'and this program knows "person" up to version 1',
    storedVersion: 3,
  });
});

Deno.test("find() throws MigrationError when a migration throws or makes bad data", async () => {
  using kv = await openKv(":memory:");
  const { id } = await new Model(kv, first).create(ADA);
  const broken = (migration: (data: unknown) => unknown) =>
    new Model(
      kv,
      defineModel({ name: "person", version: 2, schema: oldForm, migrations: { 1: migration } }),
    );
  const throwing = broken(() => {
    throw new RangeError("no");
  });
  await assert.rejects(throwing.find(id), (error: MigrationError) => {
    assert.equal(
      error.message,
      `The migration of "person" from version 1 failed for the id "${id}"`,
    );
    assert.ok(error.cause instanceof RangeError);
    return true;
  });
  await assert.rejects(broken(() => ({ name: 7 })).find(id), (error: MigrationError) => {
    assert.ok(error instanceof MigrationError);
    assert.ok(error.cause instanceof ValidationError);
    return true;
  });
  assert.equal((await new Model(kv, first).find(id))?.name, ADA.name);
});
