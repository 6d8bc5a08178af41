import assert from "node:assert/strict";
import { parseByteRange } from "../../../framework/http/byte_range.ts";

for (
  const [header, size, expected] of [
    ["bytes=0-0", 10, { start: 0, length: 1 }],
    ["bytes=2-5", 10, { start: 2, length: 4 }],
    ["bytes=7-", 10, { start: 7, length: 3 }],
    ["bytes=-3", 10, { start: 7, length: 3 }],
    ["bytes=-99", 10, { start: 0, length: 10 }],
    ["bytes=5-99999999999999999999", 10, { start: 5, length: 5 }],
    ["BYTES= 1-2 ", 10, { start: 1, length: 2 }],
    ["bytes=10-", 10, "unsatisfiable"],
    ["bytes=10-12", 10, "unsatisfiable"],
    ["bytes=-0", 10, "unsatisfiable"],
    ["bytes=0-", 0, "unsatisfiable"],
    ["bytes=-1", 0, "unsatisfiable"],
    [null, 10, undefined],
    ["", 10, undefined],
    ["bytes=-", 10, undefined],
    ["bytes=5-2", 10, undefined],
    ["bytes=a-b", 10, undefined],
    ["bytes=0-1,4-5", 10, undefined],
    ["bytes=1--2", 10, undefined],
    ["lines=0-1", 10, undefined],
  ] as const
) {
  Deno.test(`parseByteRange() reads "${header}" of ${size} bytes as ${Deno.inspect(expected)}`, () => {
    assert.deepEqual(parseByteRange(header, size), expected);
  });
}
