import assert from "node:assert/strict";
import { plainValue, shortened } from "../../../framework/telemetry/log_value.ts";

const LIMIT = 16_384;

/** How long a value is when it is written. */
function written(value: unknown): number {
  return JSON.stringify(plainValue(value)).length;
}

Deno.test("plainValue() shows what has no keys of its own", () => {
  assert.equal(
    plainValue(new URL("https://ann:secret@shop.test/a?token=t&page=2")),
    "https://REDACTED:REDACTED@shop.test/a?token=REDACTED&page=2",
  );
  assert.equal(plainValue(new URLSearchParams({ token: "t", page: "2" })), "token=REDACTED&page=2");
  assert.deepEqual(
    plainValue(
      new Headers({ accept: "*/*", authorization: "Bearer b", cookie: "c=1", "x-api-key": "k" }),
    ),
    { accept: "*/*", authorization: "REDACTED", cookie: "REDACTED", "x-api-key": "REDACTED" },
  );
  assert.equal(plainValue(new Uint8Array([1, 255])), "Uint8Array(2) 01ff");
  assert.equal(plainValue(new ArrayBuffer(1)), "ArrayBuffer(1) 00");
  assert.equal(plainValue(new Uint8Array(1e6)), `Uint8Array(1000000) ${"00".repeat(32)}…`);
  assert.deepEqual(plainValue(new Float32Array([0.5, 2])), [0.5, 2]);
  assert.equal(plainValue(/a+/g), "/a+/g");
  assert.equal(
    plainValue(new Request("http://a.test/?token=t")),
    "GET http://a.test/?token=REDACTED",
  );
  assert.equal(plainValue(new Response(null, { status: 204 })), "204");
  assert.equal(plainValue(Promise.resolve()), "[Promise]");
  assert.equal(plainValue(() => "secret source"), "[function]");
  assert.deepEqual(plainValue({}), {});
});

Deno.test("plainValue() writes the keys of a map, whatever they are", () => {
  const map = new Map<unknown, unknown>([["a", 1], [2, "two"], [{ id: 3 }, "three"], [
    Symbol("s"),
    4,
  ]]);
  assert.deepEqual(plainValue(map), { a: 1, "2": "two", '{"id":3}': "three", "Symbol(s)": 4 });
});

Deno.test("plainValue() writes the errors of an aggregate, causes and further members", () => {
  const error = new AggregateError([new Error("one"), "two"], "both", { cause: new Error("why") });
  const plain = plainValue(Object.assign(error, { code: "E1" })) as Record<string, unknown>;
  assert.equal(plain["name"], "AggregateError");
  assert.equal(plain["code"], "E1");
  const errors = plain["errors"] as { message?: string }[];
  assert.deepEqual([errors[0]?.message, errors[1]], ["one", "two"]);
  assert.equal((plain["cause"] as { message?: string }).message, "why");
});

Deno.test("plainValue() takes the secrets out of the URLs that an error names", () => {
  const url = "http://ada:pw@tea.test/?token=t0ps3cret";
  const error = new Error(`no answer from ${url}`, { cause: new TypeError(`at ${url}`) });
  const text = JSON.stringify(plainValue(error));
  assert.match(text, /tea\.test\/\?token=REDACTED/);
  assert.doesNotMatch(text, /t0ps3cret|ada|pw@/);
});

Deno.test("plainValue() asks a value how it is written down", () => {
  const price = { cents: 250, toJSON: () => "2.50 EUR" };
  assert.deepEqual(plainValue({ price }), { price: "2.50 EUR" });
});

Deno.test("plainValue() keeps every value within its limit", () => {
  const room = LIMIT * 2;
  assert.ok(written("x".repeat(1e6)) < room);
  assert.ok(written(Array.from({ length: 1e5 }, () => "x".repeat(100))) < room);
  assert.ok(written(Array.from({ length: 1e6 }, (_, index) => index)) < room);
  assert.ok(written(Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, i]))) < room);
  assert.ok(written(new Map(Array.from({ length: 1e5 }, (_, i) => [`${i}`, i]))) < room);
  assert.ok(written(Array.from({ length: 100 }, () => new Error("x".repeat(1e5)))) < room);
  assert.ok(written(new Float64Array(1e6)) < room);
});

Deno.test("plainValue() never throws, whatever it is given", () => {
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 100_000; depth++) deep = { deep };
  const hostile = new Proxy({}, {
    get() {
      throw new Error("trap");
    },
    getPrototypeOf() {
      throw new Error("trap");
    },
  });
  const unprintable = {
    toJSON() {
      throw {
        toString() {
          throw new Error("toString");
        },
      };
    },
  };
  const lying = Object.defineProperty(new Error("m"), "message", {
    get() {
      throw new Error("getter");
    },
  });
  for (const value of [deep, hostile, [hostile], unprintable, lying, new Map([[hostile, 1]])]) {
    JSON.stringify(plainValue(value));
  }
  assert.equal((plainValue(lying) as { message?: string }).message, "[threw getter]");
});

Deno.test("plainValue() has no prototype changed by a key", () => {
  const plain = plainValue(JSON.parse('{"__proto__": {"admin": true}}'));
  assert.deepEqual(Object.keys(plain ?? {}), ["__proto__"]);
  assert.equal((plain as { admin?: boolean }).admin, undefined);
});

Deno.test("shortened() says how much it left out, and cuts no character in two", () => {
  assert.equal(shortened("short"), "short");
  assert.equal(shortened("abcdef", 4), "abcd… [2 more characters]");
  assert.equal(shortened("abc😀", 4), "abc… [2 more characters]");
});
