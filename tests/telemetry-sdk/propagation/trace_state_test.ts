import assert from "node:assert/strict";
import { StrictTraceState } from "../../../telemetry-sdk/propagation/trace_state.ts";

function many(count: number, value = "x"): string {
  return Array.from({ length: count }, (_, index) => `k${index}=${value}`).join(",");
}

Deno.test("StrictTraceState reads members and gives them back in their order", () => {
  const state = new StrictTraceState(" b=2,\ta=1 ,, 0@x=  y");
  assert.equal(state.get("a"), "1");
  assert.equal(state.get("0@x"), "  y");
  assert.equal(state.get("c"), undefined);
  assert.equal(state.serialize(), "b=2,a=1,0@x=  y");
});

Deno.test("StrictTraceState is empty when one member breaks the grammar", () => {
  const bad = [
    "a",
    "=1",
    "a=",
    "a= ",
    "a=1,b",
    "a=1,B=2",
    "a=1,b=é",
    "a=1,b=2\n",
    "a=1,\u00a0b=2",
    "a=1,b=2=3",
    "a=1,_b=2",
    `a=1,b=${"x".repeat(257)}`,
    many(33),
    `${many(32)},k0=again`,
  ];
  for (const header of bad) assert.equal(new StrictTraceState(header).serialize(), "", header);
});

Deno.test("StrictTraceState does not read a header past its limit", () => {
  assert.equal(new StrictTraceState("a=1" + ",".repeat(8189)).get("a"), "1");
  assert.equal(new StrictTraceState("a=1" + ",".repeat(8190)).get("a"), undefined);
});

Deno.test("set() puts the member first and changes nothing else", () => {
  const before = new StrictTraceState("a=1,b=2,c=3");
  const after = before.set("b", "4").set("d", "5");
  assert.equal(after.serialize(), "d=5,b=4,a=1,c=3");
  assert.equal(before.serialize(), "a=1,b=2,c=3");
});

Deno.test("set() gives back the same state when key or value break the grammar", () => {
  const state = new StrictTraceState("a=1");
  for (const [key, value] of [["A", "1"], ["", "1"], ["b", ""], ["b", "1,c=2"], ["b", "1 "]]) {
    assert.equal(state.set(key ?? "", value ?? ""), state);
  }
  assert.equal(Reflect.apply(state.set, state, [1, {}]), state);
});

Deno.test("set() leaves out the last member when there would be 33", () => {
  const keys = new StrictTraceState(many(32)).set("new", "1").serialize().split(",");
  assert.equal(keys.length, 32);
  assert.equal(keys[0], "new=1");
  assert.equal(keys.at(-1), "k30=x");
  assert.equal(new StrictTraceState(many(32)).set("k31", "y").serialize().split(",").length, 32);
});

Deno.test("set() leaves out long members first when the whole gets too long", () => {
  const long = Array.from(
    { length: 30 },
    (_, index) => `a-long-name-${index + 10}=${"y".repeat(254)}`,
  );
  const header = [...long, "short=1"].join(",");
  const state = new StrictTraceState(header).set("new", "z".repeat(256));
  assert.ok(header.length <= 8192 && header.length + 261 > 8192);
  assert.ok(state.serialize().length <= 8192);
  const members = state.serialize().split(",");
  assert.equal(members[0], `new=${"z".repeat(256)}`);
  assert.deepEqual(members.slice(1), [...long.slice(0, -1), "short=1"]);
});

Deno.test("unset() takes a member out", () => {
  const state = new StrictTraceState("a=1,b=2");
  assert.equal(state.unset("a").serialize(), "b=2");
  assert.equal(state.unset("c"), state);
  assert.equal(state.unset("a").unset("b").serialize(), "");
});
