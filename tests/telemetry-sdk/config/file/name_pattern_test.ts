import assert from "node:assert/strict";
import { nameFilter, nameMatcher } from "../../../../telemetry-sdk/config/file/name_pattern.ts";

const PATTERNS: readonly (readonly [
  pattern: string,
  met: readonly string[],
  notMet: readonly string[],
])[] = [
  ["", [""], ["a"]],
  ["a.b", ["a.b"], ["axb", "a.b.c", "A.B"]],
  ["*", ["", "a", "a\nb"], []],
  ["a*", ["a", "abc"], ["ba", ""]],
  ["*a", ["a", "cba"], ["ab"]],
  ["a*b*c", ["abc", "a-b-b-c", "abcbc"], ["acb", "ab", "abcd"]],
  ["a?c", ["abc", "a?c"], ["ac", "abbc"]],
  ["*?", ["a", "ab"], [""]],
  ["**a**", ["a", "bab"], ["b"]],
  ["[a]+(b)", ["[a]+(b)"], ["aab"]],
];

Deno.test("nameMatcher() takes * for any text and ? for one character", () => {
  for (const [pattern, met, notMet] of PATTERNS) {
    const matches = nameMatcher(pattern);
    for (const name of met) assert.ok(matches(name), `"${pattern}" is met by "${name}"`);
    for (const name of notMet) assert.ok(!matches(name), `"${pattern}" is not met by "${name}"`);
  }
});

Deno.test("nameMatcher() is not held up by a hostile name", () => {
  // An expression of these would try a number of ways that has hundreds of digits.
  assert.equal(nameMatcher(`${"*a".repeat(100)}*b`)("a".repeat(20_000)), false);
});

Deno.test("nameFilter() takes what is included and not excluded", () => {
  const some = nameFilter({ included: ["a.*", "b"], excluded: ["a.secret"] });
  assert.deepEqual(["a.x", "a.secret", "b", "c"].filter(some), ["a.x", "b"]);
  const all = nameFilter({ excluded: ["c*"] });
  assert.deepEqual(["a", "c", "cd"].filter(all), ["a"]);
  assert.deepEqual(["a"].filter(nameFilter({})), ["a"]);
});
