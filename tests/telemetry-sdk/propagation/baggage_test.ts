import assert from "node:assert/strict";
import {
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
  ROOT_CONTEXT,
} from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { BaggagePropagator } from "../../../telemetry-sdk/propagation/baggage.ts";
import { extractFrom, injectedBy } from "./_carrier.ts";
import { withDiag } from "./_diag.ts";

const propagator = new BaggagePropagator();

function read(baggage: unknown): Record<string, string> | undefined {
  const entries = propagation.getBaggage(extractFrom(propagator, { baggage }))?.getAllEntries();
  return entries && Object.fromEntries(
    entries.map(([name, { value, metadata }]) => [name, metadata ? `${value};${metadata}` : value]),
  );
}

function write(entries: Record<string, BaggageEntry>): string | undefined {
  const context = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries));
  return injectedBy(propagator, context).baggage;
}

Deno.test("extract() reads names, values and properties", () => {
  assert.deepEqual(read("key1=value1;property1;property2, key2 = value2, key3=value3; k=v"), {
    key1: "value1;property1;property2",
    key2: "value2",
    key3: "value3;k=v",
  });
  assert.deepEqual(read("user=Am%C3%A9lie,server=DF%2028,empty=,sum=1=2,x=a%2Cb%3B"), {
    user: "Amélie",
    server: "DF 28",
    empty: "",
    sum: "1=2",
    x: "a,b;",
  });
});

Deno.test("extract() puts U+FFFD where octets are no UTF-8", () => {
  assert.deepEqual(read("a=%C3%28,b=%ff,c=100%,d=%zz,e=%EF%BB%BFx%80"), {
    a: "\ufffd(",
    b: "\ufffd",
    c: "100%",
    d: "%zz",
    e: "\ufeffx\ufffd",
  });
});

Deno.test("extract() leaves out a member that breaks the grammar, and it alone", () => {
  const bad = [
    "b",
    "=1",
    "b c=1",
    "b=1 2",
    'b="1"',
    "b=1\\2",
    "b=é",
    "b=1;p q",
    "b=1;=p",
    "b=\u0001",
  ];
  for (const member of bad) assert.deepEqual(read(`a=1,${member},c=3`), { a: "1", c: "3" }, member);
});

Deno.test("extract() takes the last of members with one name", () => {
  assert.deepEqual(read("a=1,b=2,a=3"), { a: "3", b: "2" });
  assert.deepEqual(read(["a=1", "b=2"]), { a: "1", b: "2" });
});

Deno.test("extract() takes a member called __proto__ for a member", () => {
  const context = extractFrom(propagator, { baggage: "__proto__=1,constructor=2" });
  const baggage = propagation.getBaggage(context);
  assert.equal(baggage?.getEntry("__proto__")?.value, "1");
  assert.equal(baggage?.getEntry("constructor")?.value, "2");
});

Deno.test("extract() stops at the limits", () => {
  const count = (header: string) => Object.keys(read(header) ?? {}).length;
  assert.equal(count(Array.from({ length: 181 }, (_, index) => `k${index}=v`).join(",")), 180);
  assert.equal(count(`a=${"x".repeat(4094)},b=1`), 2);
  assert.equal(count(`a=${"x".repeat(4095)},b=1`), 1);
  const half = "x".repeat(4093);
  assert.equal(count(`a=${half},b=${half}`), 2);
  assert.equal(count(`a=${half},b=${half}xx`), 1);
  assert.equal(count(`${",".repeat(8190)}b=1`), 0);
});

Deno.test("extract() empties the baggage when the header has no sound member", () => {
  const before = extractFrom(propagator, { baggage: "a=1" });
  assert.equal(extractFrom(propagator, {}, before), before);
  assert.equal(extractFrom(propagator, { baggage: 7 }, before), before);
  for (const baggage of ["", ",", "b"]) {
    assert.equal(propagation.getBaggage(extractFrom(propagator, { baggage }, before)), undefined);
    assert.equal(extractFrom(propagator, { baggage }), ROOT_CONTEXT);
  }
});

Deno.test("inject() encodes what is neither token nor value", () => {
  assert.equal(
    write({ "a (b)%é": { value: 'ü,;" =%' }, "t!#$&'*+-.^_`|~": { value: "" } }),
    "a%20%28b%29%25%C3%A9=%C3%BC%2C%3B%22%20%3D%25,t!#$&'*+-.^_`|~=",
  );
});

Deno.test("inject() sends half a surrogate pair as U+FFFD", () => {
  assert.equal(write({ "\ud800": { value: "x\udc00" } }), "%EF%BF%BD=x%EF%BF%BD");
});

Deno.test("inject() sends metadata when it keeps the grammar", () => {
  const metadata = (text: string) => baggageEntryMetadataFromString(text);
  assert.equal(write({ a: { value: "1", metadata: metadata(" p ; q = r ") } }), "a=1;p;q = r");
  for (const bad of ["p\r\nevil: 1", "p,b=2", "é", "p q"]) {
    assert.equal(write({ a: { value: "1", metadata: metadata(bad) } }), "a=1");
  }
});

Deno.test("inject() leaves out an entry that cannot be written, and it alone", () => {
  const entries: Record<string, unknown> = {
    a: { value: "1" },
    nothing: null,
    throws: { value: { toString: () => assert.fail("a getter of the application's") } },
    number: { value: 7 },
    "": { value: "no name" },
    metadata: { value: "2", metadata: { toString: () => assert.fail("metadata") } },
  };
  assert.equal(Reflect.apply(write, undefined, [entries]), "a=1,number=7");
});

Deno.test("inject() stays within the limits and says once that it left something out", () => {
  const fresh = new BaggagePropagator();
  const inject = (entries: Record<string, BaggageEntry>) =>
    injectedBy(
      fresh,
      propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries)),
    ).baggage ?? "";
  const said = withDiag(() => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`k${index}`, { value: "v" }]),
    );
    assert.equal(inject(many).split(",").length, 180);
    const big = { a: { value: "x".repeat(4095) }, b: { value: "1" } };
    assert.equal(inject(big), "b=1");
    const value = "x".repeat(4000);
    const whole = inject({ a: { value }, b: { value }, c: { value }, d: { value: "1" } });
    assert.deepEqual(whole.split(",").map((member) => member.charAt(0)), ["a", "b", "d"]);
  });
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /^warn: Baggage is sent incomplete/);
});

Deno.test("inject() writes no header when there is nothing to send", () => {
  assert.equal(write({}), undefined);
  assert.deepEqual(injectedBy(propagator, ROOT_CONTEXT), {});
  const context = propagation.setBaggage(
    ROOT_CONTEXT,
    propagation.createBaggage({ a: { value: "1" } }),
  );
  assert.deepEqual(injectedBy(propagator, suppressTracing(context)), {});
});
