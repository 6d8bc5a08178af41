import assert from "node:assert/strict";
import { redactQuery } from "../../../framework/telemetry/redact.ts";

for (
  const [query, expected] of [
    ["", ""],
    ["page=2", "page=2"],
    ["a&token=x&b", "a&token=REDACTED&b"],
    ["API_KEY=1&api-key=2&apikey=3", "API_KEY=REDACTED&api-key=REDACTED&apikey=REDACTED"],
    ["X-Amz-Signature=1&x-amz-signature=2", "X-Amz-Signature=REDACTED&x-amz-signature=2"],
    ["pass%77ord=x", "pass%77ord=REDACTED"],
    ["%zz=1&=2", "%zz=1&=2"],
    ["token=a=b", "token=REDACTED"],
    ["tokens=3", "tokens=3"],
    ["accessToken=1&x-api-key=2&pwd=3", "accessToken=REDACTED&x-api-key=REDACTED&pwd=REDACTED"],
    [
      "user[password]=1&token[]=2&user[name]=3",
      "user[password]=REDACTED&token[]=REDACTED&user[name]=3",
    ],
  ] as const
) {
  Deno.test(`redactQuery() makes "${expected}" of "${query}"`, () => {
    assert.equal(redactQuery(query), expected);
  });
}
