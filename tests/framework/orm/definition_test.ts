import assert from "node:assert/strict";
import { z } from "zod";
import { defineModel } from "../../../framework/orm/definition.ts";

const schema = z.object({ name: z.string() });

Deno.test("defineModel() puts the model's keys below its prefix and name", () => {
  assert.deepEqual(defineModel({ name: "user", schema }).root, ["model", "user"]);
  assert.deepEqual(defineModel({ name: "user", schema, prefix: ["shop", 1] }).root, [
    "shop",
    1,
    "user",
  ]);
});

Deno.test("defineModel() throws when the definition makes no sense", () => {
  assert.throws(() => defineModel({ name: "", schema }), /TypeError: A model needs a name/);
  assert.throws(
    () => defineModel({ name: "user", schema: {} as never }),
    /TypeError: The schema of "user" is no Standard Schema/,
  );
  assert.throws(() => defineModel({ name: "user", schema, version: 0 }), RangeError);
  assert.throws(() => defineModel({ name: "user", schema, version: 1.5 }), RangeError);
  assert.throws(
    () => defineModel({ name: "user", schema, version: 3, migrations: { 1: (data) => data } }),
    /RangeError: "user" is at version 3 and has no migration from version 2/,
  );
  for (const retry of [{ attempts: 0 }, { baseMillis: -1 }, { maxMillis: NaN }]) {
    assert.throws(() => defineModel({ name: "user", schema, retry }), RangeError);
  }
});
