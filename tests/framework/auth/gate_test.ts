import assert from "node:assert/strict";
import { Gate } from "../../../framework/auth/gate.ts";

Deno.test("run() lets no more pieces of work run at a time than the gate is wide", async () => {
  const gate = new Gate(2);
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) =>
    gate.run(() => {
      order.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = ["a", "b", "c", "d"].map(work);
  assert.deepEqual(order, ["a", "b"]);
  ends.get("b")?.();
  await all[1];
  assert.deepEqual(order, ["a", "b", "c"]);
  ends.get("a")?.();
  await all[0];
  assert.deepEqual(order, ["a", "b", "c", "d"]);
  ends.get("c")?.();
  ends.get("d")?.();
  await Promise.all(all);
});

Deno.test("run() gives its place on when the work fails", async () => {
  const gate = new Gate(1);
  await assert.rejects(gate.run(() => Promise.reject(new RangeError("no"))), RangeError);
  assert.equal(await gate.run(() => Promise.resolve(7)), 7);
});

Deno.test("Gate() refuses a width that lets nothing pass", () => {
  assert.throws(() => new Gate(0), {
    name: "RangeError",
    message: "The width of a gate is 0: expected a positive integer",
  });
});
