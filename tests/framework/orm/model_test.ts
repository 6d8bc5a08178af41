import assert from "node:assert/strict";
import { z } from "zod";
import { defineModel } from "../../../framework/orm/definition.ts";
import { UniqueConstraintError, WriteConflictError } from "../../../framework/orm/errors.ts";
import { KvLimitError } from "../../../framework/orm/kv_errors.ts";
import { Model } from "../../../framework/orm/model.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { fileKv, userModel } from "./_fixtures.ts";

const ADA = { email: "ada@example.com", name: "Ada" };
const BOB = { email: "bob@example.org", name: "Bob" };

async function keysOf(kv: Deno.Kv): Promise<Deno.KvKey[]> {
  const keys: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ prefix: [] })) keys.push(key);
  return keys;
}

Deno.test("create() gives the record an id, its times and the schema's defaults", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const before = Date.now();
  const ada = await users.create(ADA);
  assert.match(ada.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(ada.visits, 0);
  assert.ok(ada.createdAt.getTime() >= before && ada.createdAt.getTime() <= Date.now());
  assert.deepEqual(ada.updatedAt, ada.createdAt);
  assert.deepEqual(await users.find(ada.id), ada);
});

Deno.test("create() gives ids that sort by time", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ids: string[] = [];
  for (let i = 0; i < 50; i++) {
    ids.push((await users.create({ email: `u${i}@example.com`, name: "U" })).id);
  }
  assert.deepEqual(ids.toSorted(), ids);
});

Deno.test("create() takes an id, and refuses it when a record has it", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  assert.equal((await users.create(ADA, { id: "u1" })).id, "u1");
  await assert.rejects(users.create(BOB, { id: "u1" }), {
    name: "UniqueConstraintError",
    message: 'Cannot save the "user": another one has the same "id"',
    index: "id",
  });
  await assert.rejects(users.create(BOB, { id: "" }), TypeError);
  assert.equal(await users.findBy("email", BOB.email), null);
});

Deno.test("create() refuses a unique value that another record has", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  await users.create(ADA);
  await assert.rejects(users.create({ ...BOB, email: ADA.email }), {
    name: "UniqueConstraintError",
    index: "email",
    model: "user",
  });
  assert.equal(await users.count(), 1);
});

Deno.test("create() lets one of many through when all want the same unique value", async () => {
  await using database = await fileKv();
  const users = new Model(database.kv, userModel);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => users.create({ ...ADA, name: `Ada ${i}` })),
  );
  const reasons = results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  assert.equal(reasons.length, 19);
  assert.ok(reasons.every((reason) => reason instanceof UniqueConstraintError));
  assert.equal(await users.count(), 1);
});

Deno.test("create() writes nothing when the record is larger than KV takes", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  await assert.rejects(
    users.create({ ...ADA, name: "a".repeat(70_000) }),
    (error: KvLimitError) => {
      assert.ok(error instanceof KvLimitError);
      assert.match(error.message, /"user" takes .* B, more than/);
      return true;
    },
  );
  assert.deepEqual(await keysOf(kv), []);
});

Deno.test("update() merges a patch, keeps id and creation, and moves updatedAt", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ada = await users.create({ ...ADA, team: "blue" });
  const changed = await users.update(ada.id, { visits: 3, team: undefined });
  assert.equal(changed.visits, 3);
  assert.equal(changed.team, undefined);
  assert.equal(changed.name, "Ada");
  assert.equal(changed.id, ada.id);
  assert.deepEqual(changed.createdAt, ada.createdAt);
  assert.ok(changed.updatedAt >= ada.updatedAt);
  assert.deepEqual(await users.find(ada.id), changed);
});

Deno.test("update() ignores a change of what every record has by itself", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ada = await users.create(ADA);
  const whole = (user: typeof ada) => ({ ...user, id: "other", createdAt: new Date(0), visits: 1 });
  const changed = await users.update(ada.id, whole);
  assert.equal(changed.id, ada.id);
  assert.deepEqual(changed.createdAt, ada.createdAt);
  assert.equal(await users.find("other"), null);
});

Deno.test("update() moves the index entries with the record", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ada = await users.create({ ...ADA, team: "blue" });
  await users.update(ada.id, { email: "ada@example.org", team: undefined });
  assert.equal(await users.findBy("email", ADA.email), null);
  assert.equal((await users.findBy("email", "ada@example.org"))?.id, ada.id);
  assert.equal(await users.findBy("team", "blue"), null);
  assert.equal((await users.findBy("domain", "example.org"))?.id, ada.id);
  await users.create({ ...BOB, email: ADA.email });
});

Deno.test("update() refuses a unique value that another record has, and changes nothing", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  await users.create(ADA);
  const bob = await users.create(BOB);
  await assert.rejects(users.update(bob.id, { email: ADA.email }), UniqueConstraintError);
  assert.deepEqual(await users.find(bob.id), bob);
  assert.equal((await users.findBy("email", BOB.email))?.id, bob.id);
});

Deno.test("update() throws RecordNotFoundError when there is no such record", async () => {
  using kv = await openKv(":memory:");
  await assert.rejects(new Model(kv, userModel).update("u7", { visits: 1 }), {
    name: "RecordNotFoundError",
    message: 'There is no "user" with the id "u7"',
  });
});

Deno.test("update() gives up with WriteConflictError when each attempt meets a writer", async () => {
  using kv = await openKv(":memory:");
  const definition = { ...userModel, retry: { attempts: 3, baseMillis: 0, maxMillis: 0 } };
  const users = new Model(kv, definition);
  const others = new Model(kv, userModel);
  const ada = await users.create(ADA);
  let attempts = 0;
  const meddled = users.update(ada.id, async () => {
    attempts++;
    await others.update(ada.id, (user) => ({ visits: user.visits + 1 }));
    return { name: "Lost" };
  });
  await assert.rejects(meddled, (error: WriteConflictError) => {
    assert.ok(error instanceof WriteConflictError);
    assert.match(error.message, /each of 3 attempts met a change made meanwhile/);
    return true;
  });
  assert.equal(attempts, 3);
  assert.equal((await users.find(ada.id))?.name, "Ada");
  assert.equal((await users.find(ada.id))?.visits, 3);
});

Deno.test("delete() removes the record and all that was kept for it", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ada = await users.create({ ...ADA, team: "blue" });
  assert.equal(await users.delete(ada.id), true);
  assert.equal(await users.delete(ada.id), false);
  assert.deepEqual(await keysOf(kv), [["model", "user", "count"]]);
  assert.equal(await users.count(), 0);
});

Deno.test("count() is right after concurrent creations and deletions", async () => {
  await using database = await fileKv();
  const users = new Model(database.kv, userModel);
  const created = await Promise.all(
    Array.from({ length: 30 }, (_, i) => users.create({ email: `u${i}@example.com`, name: "U" })),
  );
  await Promise.all(created.slice(0, 12).flatMap(({ id }) => [users.delete(id), users.delete(id)]));
  assert.equal(await users.count(), 18);
  assert.equal(await users.query().count(), 18);
});

Deno.test("findMany() keeps the order of many ids, with null where there is no record", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const ids: string[] = [];
  for (let i = 0; i < 25; i++) {
    ids.push((await users.create({ email: `u${i}@example.com`, name: `U${i}` })).id);
  }
  telemetry.reset();
  const found = await users.findMany([...ids.toReversed(), "none"]);
  assert.deepEqual(found.map((user) => user?.id), [...ids.toReversed(), undefined]);
  assert.deepEqual(
    // They are read at the same time, and end in whatever order.
    telemetry.spans().map(({ attributes }) =>
      `${attributes["db.collection.name"]} ${attributes["db.operation.batch.size"]}`
    ).sort(),
    ["user 10", "user 10", "user 6"],
  );
});

Deno.test("find() throws when the id is none", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  await assert.rejects(users.find(7 as never), {
    name: "TypeError",
    message: 'The id of a "user" is of type "number": expected a text that is not empty',
  });
  await assert.rejects(users.find(""), TypeError);
});

Deno.test("alongside() writes with the record, or not at all", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const audit = (what: string) => ({
    alongside: (atomic: Deno.AtomicOperation, { id }: { id: string }) => {
      atomic.set(["audit", what], id);
    },
  });
  const ada = await users.create(ADA, audit("created"));
  await assert.rejects(users.create(ADA, audit("refused")), UniqueConstraintError);
  await users.update(ada.id, { visits: 1 }, audit("updated"));
  await users.delete(ada.id, audit("deleted"));
  const audited: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ prefix: ["audit"] })) audited.push(key);
  assert.deepEqual(audited, [["audit", "created"], ["audit", "deleted"], ["audit", "updated"]]);
});

Deno.test("createIn(), updateIn() and deleteIn() join a transaction of the caller's", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  const [ada, bob] = [await users.create(ADA), await users.create(BOB)];
  const atomic = kv.atomic().set(["receipt"], 1);
  const eve = await users.createIn(atomic, { email: "eve@example.com", name: "Eve" });
  await users.updateIn(atomic, ada.id, (user) => ({ visits: user.visits + 5 }));
  await users.deleteIn(atomic, bob.id);
  assert.equal(await users.deleteIn(atomic, "none"), null);
  assert.equal(await users.find(eve.id), null);
  assert.ok((await atomic.commit()).ok);
  assert.deepEqual(await users.find(eve.id), eve);
  assert.equal((await users.find(ada.id))?.visits, 5);
  assert.equal(await users.find(bob.id), null);
  assert.equal(await users.count(), 2);
  assert.equal((await kv.get(["receipt"])).value, 1);
});

Deno.test("createIn() leaves nothing when the caller's transaction loses", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  await users.create(ADA);
  const atomic = kv.atomic().set(["receipt"], 1);
  await users.createIn(atomic, ADA);
  assert.deepEqual(await atomic.commit(), { ok: false });
  assert.equal((await kv.get(["receipt"])).versionstamp, null);
  assert.equal(await users.count(), 1);
});

Deno.test("hooks run around each write, and one before it can change or refuse it", async () => {
  using kv = await openKv(":memory:");
  const said: string[] = [];
  const notes = new Model(
    kv,
    defineModel({
      name: "note",
      schema: z.object({ text: z.string(), length: z.number().default(0) }),
      hooks: {
        beforeCreate: (input) => ({ ...input, text: input.text.trim() }),
        afterCreate: (note) => void said.push(`created ${note.text}`),
        beforeUpdate: (next, current) => {
          if (next.text === "") throw new RangeError(`Note "${current.text}" cannot be emptied`);
          return { ...next, length: next.text.length };
        },
        afterUpdate: (note, previous) => void said.push(`${previous.text} is ${note.text}`),
        beforeDelete: (note) => {
          if (note.text === "keep") throw new Error("kept");
        },
        afterDelete: (note) => void said.push(`deleted ${note.text}`),
      },
    }),
  );
  const note = await notes.create({ text: "  a " });
  assert.equal((await notes.update(note.id, { text: "keep" })).length, 4);
  await assert.rejects(notes.update(note.id, { text: "" }), /Note "keep" cannot be emptied/);
  await assert.rejects(notes.delete(note.id), /kept/);
  await notes.update(note.id, { text: "bye" });
  await notes.delete(note.id);
  assert.deepEqual(said, ["created a", "a is keep", "keep is bye", "deleted bye"]);
});

Deno.test("Model makes KV spans that name it, under the span that is active", async () => {
  using telemetry = inMemoryTelemetry();
  using bare = await Deno.openKv(":memory:");
  const users = new Model(bare, userModel);
  const { id } = await users.create(ADA);
  await users.update(id, { visits: 1 });
  assert.deepEqual(
    telemetry.spans().map(({ name, attributes }) => [name, attributes["db.collection.name"]]),
    [["kv.atomic", "user"], ["kv.get", "user"], ["kv.atomic", "user"]],
  );
});
