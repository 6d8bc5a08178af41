import assert from "node:assert/strict";
import { formatConsole } from "../../../telemetry-sdk/logs/console_format.ts";

for (
  const [args, expected] of [
    [[], ""],
    [["plain"], "plain"],
    [["a", "b", 1, null, undefined], "a b 1 null undefined"],
    [[{ a: [1] }, "x"], "{ a: [ 1 ] } x"],
    [["%s of %d%%, %i, %f", "half", 50.7, "12px", "1.5"], "half of 50%, 12, 1.5"],
    [["%d", 5n], "5n"],
    [["%j %o %c!", { a: 1 }, { b: 2 }, "color: red"], '{"a":1} { b: 2 } !'],
    [["%s", "only", "rest"], "only rest"],
    [["%s %s", "one"], "one %s"],
    [["100%", 1], "100% 1"],
    [["%x", 1], "%x 1"],
    [[1, "%s"], "1 %s"],
    [["%s", Symbol("s")], "Symbol(s)"],
    [["%d", Symbol("s")], "NaN"],
  ] as const
) {
  Deno.test(`formatConsole() writes ${Deno.inspect(args)} as ${Deno.inspect(expected)}`, () => {
    assert.equal(formatConsole(args), expected);
  });
}

Deno.test("formatConsole() never throws and never colours", () => {
  const broken = {
    [Symbol.for("Deno.customInspect")]() {
      throw new Error("inspect");
    },
    toString() {
      throw new Error("toString");
    },
  };
  assert.equal(
    formatConsole(["%s|%d|%j", broken, broken, 1n, broken]).includes("[unprintable]"),
    true,
  );
  assert.equal(formatConsole([{ a: "text", n: 1 }]), '{ a: "text", n: 1 }');
  assert.match(formatConsole(["failed", new TypeError("no")]), /^failed TypeError: no\n {4}at /);
});
