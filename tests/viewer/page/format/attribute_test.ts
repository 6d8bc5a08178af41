import assert from "node:assert/strict";
import { attributeText } from "../../../../viewer/page/format/attribute.ts";
import type { AttributeValue } from "../../../../viewer/api/model.ts";

Deno.test("attributeText() writes every type", () => {
  const values: AttributeValue[] = [
    "text",
    7,
    true,
    null,
    ["a", 1],
    { map: [{ key: "k", value: { int: "9007199254740993" } }] },
    { bytes: "AP8=" },
    { double: "NaN" },
  ];
  assert.deepEqual(values.map(attributeText), [
    "text",
    "7",
    "true",
    "null",
    `["a", 1]`,
    `{"k": 9007199254740993}`,
    "base64 AP8=",
    "NaN",
  ]);
});

Deno.test("attributeText() ends where nesting does not", () => {
  let value: AttributeValue = "deep";
  for (let i = 0; i < 5000; i++) value = [value];
  assert.match(attributeText(value), /^\[{21}…\]{21}$/);
});
