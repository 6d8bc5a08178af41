import assert from "node:assert/strict";
import { createTraceState } from "@opentelemetry/api";
import { TraceState } from "@opentelemetry/core";
import {
  adjustedCount,
  randomnessOf,
  thresholdOf,
  withThreshold,
} from "../../../telemetry-sdk/sampling/ot_trace_state.ts";

const ID = "0123456789abcdef0123456789abcdef";

Deno.test("randomnessOf() takes rv where it is one, else the last 56 bits of the trace id", () => {
  const table = {
    "": "23456789abcdef",
    "ot=rv:0fedcba9876543": "0fedcba9876543",
    "ot=th:8;rv:0fedcba9876543": "0fedcba9876543",
    "ot=rv:123": "23456789abcdef",
    "ot=rv:0FEDCBA9876543": "23456789abcdef",
    "ot=rv:0fedcba98765432": "23456789abcdef",
    "other=rv:0fedcba9876543": "23456789abcdef",
  };
  for (const [state, randomness] of Object.entries(table)) {
    assert.equal(randomnessOf(ID, createTraceState(state)), randomness, state);
  }
  assert.equal(randomnessOf(ID, undefined), "23456789abcdef");
});

Deno.test("thresholdOf() reads 1 to 14 digits and nothing else", () => {
  const table = {
    "ot=th:0": "00000000000000",
    "ot=th:c": "c0000000000000",
    "ot=rv:0fedcba9876543;th:FD70A": "fd70a000000000",
    "ot=th:": undefined,
    "ot=th:xyz": undefined,
    "ot=th:123456789abcdef": undefined,
    "ot=p:8": undefined,
    "th=c": undefined,
    "": undefined,
  };
  for (const [state, threshold] of Object.entries(table)) {
    assert.equal(thresholdOf(createTraceState(state)), threshold, state);
  }
});

Deno.test("adjustedCount() is 1 / probability, and unknown without a threshold", () => {
  assert.equal(adjustedCount(createTraceState("ot=th:0")), 1);
  assert.equal(adjustedCount(createTraceState("ot=th:8")), 2);
  assert.equal(Math.round(adjustedCount(createTraceState("ot=th:fd70a4")) ?? 0), 100);
  assert.equal(adjustedCount(createTraceState("vendor=1")), undefined);
});

Deno.test("withThreshold() changes th alone", () => {
  const rows: [before: string, threshold: string | undefined, after: string][] = [
    ["", "c", "ot=th:c"],
    ["a=1,b=2", "c", "ot=th:c,a=1,b=2"],
    ["a=1,ot=rv:0fedcba9876543;xy:z,b=2", "c", "ot=rv:0fedcba9876543;xy:z;th:c,a=1,b=2"],
    ["ot=th:8;rv:0fedcba9876543", "c", "ot=rv:0fedcba9876543;th:c"],
    ["ot=th:8;rv:0fedcba9876543,a=1", undefined, "ot=rv:0fedcba9876543,a=1"],
    ["ot=th:8,a=1", undefined, "a=1"],
    ["ot=th:8", undefined, ""],
    ["ot=xth:8", undefined, "ot=xth:8"],
    ["ot=xth:8", "c", "ot=xth:8;th:c"],
    ["a=1", undefined, "a=1"],
  ];
  for (const make of [createTraceState, (text: string) => new TraceState(text)]) {
    for (const [before, threshold, after] of rows) {
      assert.equal(withThreshold(make(before), threshold)?.serialize(), after, before);
    }
  }
  assert.equal(withThreshold(undefined, undefined), undefined);
  assert.equal(withThreshold(undefined, "c")?.serialize(), "ot=th:c");
});

Deno.test("withThreshold() gives back the same object when nothing changes", () => {
  for (const text of ["ot=th:c", "ot=rv:0fedcba9876543;th:c,a=1"]) {
    const state = createTraceState(text);
    assert.equal(withThreshold(state, "c"), state, text);
  }
  const other = createTraceState("a=1");
  assert.equal(withThreshold(other, undefined), other);
});

Deno.test("withThreshold() writes nothing that is over a limit, and takes back what no longer holds", () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, index) => `k${index}=v`).join(",");
  const make = [createTraceState, (text: string) => new TraceState(text)];
  for (const traceState of make) {
    // 32 members are all that there may be.
    assert.equal(withThreshold(traceState(members(32)), "c")?.serialize(), members(32));
    assert.equal(withThreshold(traceState(members(31)), "c")?.serialize().split(",").length, 32);
    // 256 characters of the member.
    const long = `xy:${"z".repeat(246)}`;
    assert.equal(withThreshold(traceState(`ot=${long};th:8`), "fd70a")?.get("ot"), long);
    // 512 characters of the whole.
    const wide = `a=${"x".repeat(250)},b=${"x".repeat(250)}`;
    assert.equal(wide.length, 505);
    assert.equal(withThreshold(traceState(wide), "fd70a")?.serialize(), wide);
    const full = `ot=th:8,a=${"x".repeat(250)},b=${"x".repeat(248)}`;
    assert.equal(withThreshold(traceState(full), "fd70a")?.get("ot"), undefined);
  }
});
