import assert from "node:assert/strict";
import * as v from "valibot";
import { z } from "zod";
import { defineModel, type ModelSchema } from "../../../framework/orm/definition.ts";
import { ValidationError } from "../../../framework/orm/errors.ts";
import { Model } from "../../../framework/orm/model.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";

const SCHEMAS = {
  Zod: z.object({ name: z.string(), address: z.object({ city: z.string() }) }),
  Valibot: v.object({ name: v.string(), address: v.object({ city: v.string() }) }),
};

for (const [library, schema] of Object.entries(SCHEMAS)) {
  Deno.test(`create() says what is wrong, and where, when a schema of ${library} refuses`, async () => {
    using kv = await openKv(":memory:");
    const people = new Model(kv, defineModel({ name: "person", schema }));
    const paul = await people.create({ name: "Paul", address: { city: "Paris" } });
    assert.equal(paul.address.city, "Paris");
    const bad = people.create({ name: "Paul", address: { city: 7 } } as never);
    await assert.rejects(bad, (error: ValidationError) => {
      assert.ok(error instanceof ValidationError);
      assert.match(
        error.message,
        /^The data of a "person" does not fit its schema: "address\.city": /,
      );
      assert.equal(error.issues.length, 1);
      return true;
    });
    await assert.rejects(people.update(paul.id, { name: 7 } as never), ValidationError);
    assert.equal(await people.count(), 1);
  });
}

Deno.test("create() keeps what a schema makes of the input, by an asynchronous one too", async () => {
  using kv = await openKv(":memory:");
  const schema = z.object({
    email: z.string().transform((email) => Promise.resolve(email.trim().toLowerCase())),
    since: z.date(),
  });
  const people = new Model(kv, defineModel({ name: "person", schema }));
  const since = new Date(0);
  const { id, email } = await people.create({ email: " ADA@EXAMPLE.COM ", since });
  assert.equal(email, "ada@example.com");
  assert.deepEqual((await people.find(id))?.since, since);
});

Deno.test("create() throws when a schema gives what no record can be", async () => {
  using kv = await openKv(":memory:");
  const create = (schema: ModelSchema, input: unknown) =>
    new Model(kv, defineModel({ name: "person", schema })).create(input as never);
  await assert.rejects(create(z.array(z.string()), ["a"]), /gives no object/);
  await assert.rejects(create(z.object({ id: z.string() }), { id: "a" }), {
    name: "TypeError",
    message: 'The schema of "person" has the field "id", which every record has by itself',
  });
});
