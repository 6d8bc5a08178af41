import assert from "node:assert/strict";
import { InvalidCursorError } from "../../../framework/orm/errors.ts";
import { Model } from "../../../framework/orm/model.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { type User, userModel } from "./_fixtures.ts";

async function seeded(kv: Deno.Kv, count: number) {
  const users = new Model(kv, userModel);
  for (let i = 0; i < count; i++) {
    await users.create({
      email: `u${i}@${i % 2 === 0 ? "even" : "odd"}.example`,
      name: `U${String(count - i).padStart(3, "0")}`,
      ...(i % 3 === 0 ? {} : { team: i % 3 === 1 ? "blue" : "red" }),
      visits: i,
    });
  }
  return users;
}

function visits(users: readonly User[]): number[] {
  return users.map((user) => user.visits);
}

Deno.test("query() lists by time of creation, either way", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 5);
  assert.deepEqual(visits(await users.query().all()), [0, 1, 2, 3, 4]);
  assert.deepEqual(visits(await users.query().reverse().all()), [4, 3, 2, 1, 0]);
  assert.deepEqual(visits(await users.query().reverse().limit(2).all()), [4, 3]);
  assert.equal((await users.query().first())?.visits, 0);
});

Deno.test("where() lists the records with a value, in the order of the index's further parts", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 12);
  assert.deepEqual(visits(await users.query().where("team", "blue").all()), [10, 7, 4, 1]);
  assert.deepEqual(visits(await users.query().where("team", "blue", "U002").all()), [10]);
  assert.deepEqual(visits(await users.query().where("domain", "odd.example").limit(2).all()), [
    1,
    3,
  ]);
  assert.deepEqual(await users.query().where("team", "green").all(), []);
  assert.equal(await users.query().where("team", "red").count(), 4);
});

Deno.test("orderBy() lists the records of an index, and leaves out those without a value", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 6);
  assert.deepEqual(visits(await users.query().orderBy("visits").reverse().all()), [
    5,
    4,
    3,
    2,
    1,
    0,
  ]);
  assert.deepEqual(visits(await users.query().orderBy("team").all()), [4, 1, 5, 2]);
});

Deno.test("between() takes the first bound in and leaves the last one out", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 10);
  const byVisits = users.query().orderBy("visits");
  assert.deepEqual(visits(await byVisits.between({ from: 3, to: 6 }).all()), [3, 4, 5]);
  assert.deepEqual(visits(await byVisits.between({ from: 8 }).all()), [8, 9]);
  assert.deepEqual(visits(await byVisits.between({ to: 2 }).reverse().all()), [1, 0]);
  assert.equal(await byVisits.between({ from: 3, to: 6 }).count(), 3);
  const all = await users.query().all();
  const fifth = all[4]?.id ?? "";
  assert.deepEqual(visits(await users.query().between({ from: fifth }).all()), [4, 5, 6, 7, 8, 9]);
  const blue = users.query().where("team", "blue").between({ from: "U004", to: "U008" });
  assert.deepEqual(visits(await blue.all()), [4]);
});

for (const reverse of [false, true]) {
  for (
    const [name, size] of [["an index", 4], ["the id", 7], [
      "pages as long as the list",
      10,
    ]] as const
  ) {
    Deno.test(`page() gives each record once when it goes ${reverse ? "back" : "on"} by ${name}`, async () => {
      using kv = await openKv(":memory:");
      const users = await seeded(kv, 20);
      const list = name === "the id" ? users.query() : users.query().where("domain", "odd.example");
      const query = reverse ? list.reverse().limit(size) : list.limit(size);
      const seen: User[] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await query.after(cursor).page();
        assert.ok(page.items.length > 0 && page.items.length <= size);
        seen.push(...page.items);
        cursor = page.cursor;
        pages++;
      } while (cursor !== undefined);
      assert.deepEqual(seen, await (reverse ? list.reverse() : list).all());
      assert.equal(pages, Math.ceil(seen.length / size));
    });
  }
}

Deno.test("page() goes on where it stood when records come and go in between", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 6);
  const first = await users.query().orderBy("visits").limit(3).page();
  await users.delete(first.items[2]?.id ?? "");
  await users.create({ email: "late@example.com", name: "Late", visits: 1 });
  const second = await users.query().orderBy("visits").limit(3).after(first.cursor).page();
  assert.deepEqual(visits(second.items), [3, 4, 5]);
  assert.equal(second.cursor, undefined);
});

Deno.test("page() is empty, with no cursor, when the list is", async () => {
  using kv = await openKv(":memory:");
  assert.deepEqual(await new Model(kv, userModel).query().page(), { items: [] });
});

Deno.test("page() throws InvalidCursorError when the cursor is none", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 2);
  for (const cursor of ["!!!", "ä", btoa("x".repeat(3000))]) {
    await assert.rejects(users.query().after(cursor).page(), (error: InvalidCursorError) => {
      assert.ok(error instanceof InvalidCursorError);
      assert.equal(
        error.message,
        'The cursor is none of a list of "user": expected the "cursor" of a page, unchanged',
      );
      return true;
    });
  }
});

Deno.test("a query refuses an index, a value or a limit that makes no sense", async () => {
  using kv = await openKv(":memory:");
  const users = new Model(kv, userModel);
  assert.throws(() => users.query().where("name" as never, "Ada"), {
    name: "TypeError",
    message:
      '"user" has no index "name": expected one of its own ("email", "team", "visits", "domain")',
  });
  await assert.rejects(users.findBy("email", {} as never), {
    name: "TypeError",
    message: 'Part 0 of the index "user.email" is of type "object": ' +
      "expected a string, number, bigint, boolean, Uint8Array or Date",
  });
  for (const limit of [0, -1, 1.5, NaN]) {
    assert.throws(() => users.query().limit(limit), RangeError);
  }
});

Deno.test("a query leaves out a record that was changed after its index entry was read", async () => {
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 25);
  const seen: number[] = [];
  for await (const user of users.query().orderBy("visits")) {
    seen.push(user.visits);
    if (user.visits === 4) {
      // The entries of the next batch are listed already; their records are not yet read.
      const later = await users.findBy("visits", 20);
      await users.update(later?.id ?? "", { visits: 2 });
      await users.delete((await users.findBy("visits", 21))?.id ?? "");
    }
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, i) => i).filter((i) => i !== 20 && i !== 21),
  );
});

Deno.test("a query reads no more records than it gives", async () => {
  using telemetry = inMemoryTelemetry();
  using kv = await openKv(":memory:");
  const users = await seeded(kv, 30);
  telemetry.reset();
  await users.query().where("domain", "odd.example").limit(3).all();
  await users.query().limit(3).all();
  assert.deepEqual(
    telemetry.spans().map((
      { name, attributes },
    ) => [name, attributes["db.response.returned_rows"]]),
    [["kv.getMany", 3], ["kv.list", 3], ["kv.list", 3]],
  );
});
