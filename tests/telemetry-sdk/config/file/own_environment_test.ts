import assert from "node:assert/strict";
import process from "node:process";
import { withOwnEnvironment } from "../../../../telemetry-sdk/config/file/own_environment.ts";

Deno.test("withOwnEnvironment() shows the given variables and no others, and takes no warning", () => {
  const { env, emitWarning } = process;
  const seen = withOwnEnvironment({ ONLY: "this" }, () => {
    process.emitWarning("something with a secret in it");
    assert.notEqual(process.emitWarning, emitWarning);
    return { ...process.env };
  });
  assert.deepEqual(seen, { ONLY: "this" });
  assert.equal(process.env, env);
  assert.equal(process.emitWarning, emitWarning);
});

Deno.test("withOwnEnvironment() gives everything back when the work throws", () => {
  const { env, emitWarning } = process;
  assert.throws(() =>
    withOwnEnvironment({}, () => {
      throw new TypeError("thrown");
    }), TypeError);
  assert.equal(process.env, env);
  assert.equal(process.emitWarning, emitWarning);
});
