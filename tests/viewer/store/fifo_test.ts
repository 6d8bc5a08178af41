import assert from "node:assert/strict";
import { Fifo } from "../../../viewer/store/fifo.ts";

Deno.test("Fifo keeps the numbers of its elements when others are taken", () => {
  const fifo = new Fifo<string>();
  for (let i = 0; i < 1000; i++) assert.equal(fifo.push(`item ${i}`), i);
  for (let i = 0; i < 700; i++) assert.equal(fifo.shift(), `item ${i}`);
  assert.deepEqual([fifo.length, fifo.first, fifo.next], [300, 700, 1000]);
  assert.equal(fifo.at(699), undefined);
  assert.equal(fifo.at(700), "item 700");
  assert.equal(fifo.at(1000), undefined);
  assert.equal(fifo.push("more"), 1000);
  assert.deepEqual([...fifo].slice(-2), ["item 999", "more"]);
  assert.deepEqual([...fifo.backwards(702)], [[701, "item 701"], [700, "item 700"]]);
  assert.deepEqual([...fifo.backwards(9999)].length, 301);
});

Deno.test("Fifo.shift() gives nothing when it is empty", () => {
  const fifo = new Fifo<number>();
  assert.equal(fifo.shift(), undefined);
  fifo.push(1);
  assert.deepEqual([fifo.shift(), fifo.shift(), fifo.length], [1, undefined, 0]);
});
