import assert from "node:assert/strict";
import { type Context, createContextKey, type TextMapPropagator } from "@opentelemetry/api";
import { createPropagator } from "../../../telemetry-sdk/propagation/propagator.ts";
import { collectDiag, withDiag } from "./_diag.ts";
import { contextWith, extractFrom, injectedBy } from "./_carrier.ts";

const KEY = createContextKey("test");

function own(overrides: Partial<Record<keyof TextMapPropagator, unknown>>): TextMapPropagator {
  return Object.assign({
    inject: () => {},
    extract: (context: Context) => context,
    fields: () => [],
  }, overrides);
}

function writes(value: string): TextMapPropagator {
  return own({
    inject: (_context: unknown, carrier: Record<string, string>) => carrier["x-own"] = value,
    extract: (context: Context) => context.setValue(KEY, `${context.getValue(KEY) ?? ""}${value}`),
    fields: () => ["x-own", "x-own"],
  });
}

function fails(): never {
  throw new Error("broken");
}

Deno.test("createPropagator() asks in the given order, so that the later one wins", () => {
  const propagator = createPropagator([writes("a"), "tracecontext", writes("b")]);
  assert.equal(injectedBy(propagator, contextWith({}))["x-own"], "b");
  assert.equal(extractFrom(propagator, {}).getValue(KEY), "ab");
  assert.deepEqual(propagator.fields(), ["x-own", "traceparent", "tracestate"]);
});

Deno.test("createPropagator() keeps a failing propagator away from the request and the others", () => {
  let injected: Record<string, string> = {};
  let extracted: unknown;
  const said = withDiag(() => {
    const broken = own({ inject: fails, extract: fails, fields: fails });
    const propagator = createPropagator([broken, writes("a")]);
    assert.deepEqual(propagator.fields(), ["x-own"]);
    for (let round = 0; round < 3; round++) {
      injected = injectedBy(propagator, contextWith({}));
      extracted = extractFrom(propagator, {}).getValue(KEY);
    }
  });
  assert.deepEqual(injected, { "x-own": "a" });
  assert.equal(extracted, "a");
  assert.deepEqual(said.map((line) => line.replace(/^.*failed in /, "")), [
    "fields(); this is said once Error: broken",
    "inject(); this is said once Error: broken",
    "extract(); this is said once Error: broken",
  ]);
});

Deno.test("createPropagator() keeps the context when a propagator gives back something else", () => {
  for (const junk of [undefined, null, 7, {}, Promise.reject(new Error("async"))]) {
    const said = withDiag(() => {
      const propagator = createPropagator([writes("a"), own({ extract: () => junk })]);
      assert.equal(extractFrom(propagator, {}).getValue(KEY), "a");
    });
    assert.equal(said.length, 1);
  }
});

Deno.test("createPropagator() hears of an asynchronous failure", async () => {
  const { said, stop } = collectDiag();
  const failure = Promise.reject(new Error("late"));
  injectedBy(createPropagator([own({ inject: () => failure })]), contextWith({}));
  await failure.catch(() => {});
  stop();
  assert.match(said[0] ?? "", /failed in inject\(\).*late/);
});

Deno.test("createPropagator() takes only texts for the names of headers", () => {
  const said = withDiag(() => {
    assert.deepEqual(createPropagator([own({ fields: () => ["a", 7] })]).fields(), ["a"]);
    assert.deepEqual(createPropagator([own({ fields: () => "a" })]).fields(), []);
  });
  assert.equal(said.length, 1);
});

Deno.test("createPropagator() survives a propagator that is none at all", () => {
  const said = withDiag(() => {
    const propagator = createPropagator([Object.create(null), "tracecontext"]);
    assert.ok(injectedBy(propagator, contextWith({})).traceparent);
  });
  assert.match(said.join("\n"), /without a name/);
});

Deno.test("fields() gives an array that can be changed without harm", () => {
  const propagator = createPropagator(["b3"]);
  propagator.fields().push("x");
  assert.deepEqual(propagator.fields(), ["b3"]);
});
