import assert from "node:assert/strict";
import {
  integerFrom,
  listOf,
  NO_TIMEOUT,
  oneOf,
  parseBoolean,
  type Parsed,
  parseHeaders,
  parseRatio,
  parseResourceAttributes,
  parseTimeout,
} from "../../../telemetry-sdk/config/parsers.ts";

/** Asserts the value, and whether something was wrong. */
function assertParsed<T>(parsed: Parsed<T>, value: T | undefined, bad = value === undefined): void {
  assert.deepEqual(parsed.value, value);
  assert.equal(parsed.problem !== undefined, bad);
}

Deno.test("parseBoolean() knows true and false in any case, and nothing else", () => {
  assertParsed(parseBoolean("TRUE"), true);
  assertParsed(parseBoolean("false"), false);
  for (const text of ["1", "yes", "on", "truee"]) assertParsed(parseBoolean(text), undefined);
});

Deno.test("integerFrom() refuses what is not a whole decimal number in range", () => {
  const parse = integerFrom(1, 10);
  assertParsed(parse("1"), 1);
  assertParsed(parse("010"), 10);
  for (const text of ["0", "11", "-1", "1.5", "1e1", "0x1", "Infinity", "NaN", "5s", "1 2"]) {
    assertParsed(parse(text), undefined);
  }
});

Deno.test("parseTimeout() takes 0 for no limit", () => {
  assertParsed(parseTimeout("0"), NO_TIMEOUT);
  assertParsed(parseTimeout("250"), 250);
  assertParsed(parseTimeout("99999999999"), undefined);
});

Deno.test("parseRatio() accepts 0 to 1 only", () => {
  for (
    const [text, value] of [["0", 0], ["1", 1], ["1.0", 1], [".25", 0.25], ["1e-3", 0.001]] as const
  ) {
    assertParsed(parseRatio(text), value);
  }
  for (const text of ["1.01", "-0.1", "10%", "0,1", "NaN", "half", "0x1"]) {
    assertParsed(parseRatio(text), undefined);
  }
});

Deno.test("oneOf() ignores case and gives its own spelling", () => {
  const parse = oneOf(["http/json", "gzip"], { grpc: "use http/json" });
  assertParsed(parse("HTTP/Json"), "http/json");
  assert.equal(parse("GRPC").problem, "use http/json");
  assert.equal(parse("xml").problem, "expected one of http/json, gzip");
});

Deno.test("listOf() drops duplicates and names what it does not know", () => {
  const parse = listOf(["otlp", "console"]);
  assertParsed(parse("otlp, console ,OTLP,"), ["otlp", "console"]);
  assertParsed(parse("None"), []);
  const partly = parse("otlp,prometheus");
  assertParsed(partly, ["otlp"], true);
  assert.match(partly.problem ?? "", /ignored "prometheus"/);
  for (const text of ["prometheus", ","]) assertParsed(parse(text), undefined);
});

Deno.test("parseHeaders() decodes values and leaves bad pairs out without showing them", () => {
  assertParsed(parseHeaders("api-key=a%20b%3D, X-B=c=d,"), { "api-key": "a b=", "x-b": "c=d" });
  for (const bad of ["secret", "=secret", "a b=secret", "a=%ZZsecret", "a=sec%0Aret"]) {
    const parsed = parseHeaders(`ok=1,${bad}`);
    assertParsed(parsed, { ok: "1" }, true);
    assert.match(parsed.problem ?? "", /ignored pair 2$/);
  }
});

Deno.test("parseResourceAttributes() discards the whole value when one pair is malformed", () => {
  assertParsed(parseResourceAttributes("a=1, b.c = x%2Cy"), { a: "1", "b.c": "x,y" });
  assertParsed(parseResourceAttributes("a="), { a: "" });
  for (const text of ["a=1,b", "a=1,=2", "a=1=2", "a=%E0%A4", "a=1,,b=2"]) {
    assertParsed(parseResourceAttributes(text), undefined);
  }
});
