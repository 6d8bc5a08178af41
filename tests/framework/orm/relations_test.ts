import assert from "node:assert/strict";
import { z } from "zod";
import { defineModel } from "../../../framework/orm/definition.ts";
import { Model } from "../../../framework/orm/model.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { belongsTo, hasMany } from "../../../framework/orm/relations.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { userModel } from "./_fixtures.ts";

const orderModel = defineModel({
  name: "order",
  schema: z.object({ userId: z.string().nullable(), total: z.number() }),
  indexes: { user: { fields: ["userId", "createdAt"] } },
});

function models(kv: Deno.Kv) {
  const users = new Model(kv, userModel);
  const orders = new Model(kv, orderModel);
  return {
    users,
    orders,
    customer: belongsTo(orders, "userId", users),
    ordersOf: hasMany(users, orders, "user"),
  };
}

Deno.test("belongsTo() loads the record that another refers to, or null", async () => {
  using kv = await openKv(":memory:");
  const { users, orders, customer } = models(kv);
  const ada = await users.create({ email: "ada@example.com", name: "Ada" });
  assert.deepEqual(await customer.load(await orders.create({ userId: ada.id, total: 1 })), ada);
  assert.equal(await customer.load(await orders.create({ userId: null, total: 1 })), null);
  assert.equal(await customer.load(await orders.create({ userId: "gone", total: 1 })), null);
});

Deno.test("belongsTo() loads each record once when many refer to it", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const { users, orders, customer } = models(kv);
  const ada = await users.create({ email: "ada@example.com", name: "Ada" });
  const bob = await users.create({ email: "bob@example.com", name: "Bob" });
  for (let i = 0; i < 6; i++) {
    await orders.create({ userId: [ada.id, bob.id, null][i % 3] ?? null, total: i });
  }
  const all = await orders.query().all();
  telemetry.reset();
  const customers = await customer.loadAll(all);
  assert.deepEqual([...customers.keys()].toSorted(), [ada.id, bob.id].toSorted());
  assert.deepEqual(customers.get(bob.id), bob);
  assert.deepEqual(telemetry.spans().map(({ name }) => name), ["kv.getMany"]);
});

Deno.test("hasMany() lists the records that refer to one, in the order of their index", async () => {
  using kv = await openKv(":memory:");
  const { users, orders, ordersOf } = models(kv);
  const ada = await users.create({ email: "ada@example.com", name: "Ada" });
  for (const total of [1, 2, 3]) {
    await orders.create({ userId: ada.id, total });
    await orders.create({ userId: "other", total: 9 });
  }
  const totals = (await ordersOf.of(ada).all()).map(({ total }) => total);
  assert.deepEqual(totals.toSorted(), [1, 2, 3]);
  assert.equal(await ordersOf.of(ada).count(), 3);
  assert.equal((await ordersOf.of(ada).limit(2).page()).items.length, 2);
});
