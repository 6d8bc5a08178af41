import assert from "node:assert/strict";
import { EnvironmentReader } from "../../../telemetry-sdk/config/env.ts";

const NAME = "OTEL_ECHELON_ENV_TEST";

Deno.test("EnvironmentReader.read() trims a value and takes an empty one for unset", () => {
  const reader = new EnvironmentReader();
  assert.equal(reader.read(NAME), undefined);
  try {
    Deno.env.set(NAME, "  x ");
    assert.equal(reader.read(NAME), "x");
    Deno.env.set(NAME, "   ");
    assert.equal(reader.read(NAME), undefined);
    assert.equal(reader.denied.size, 0);
  } finally {
    Deno.env.delete(NAME);
  }
});

Deno.test({
  name: "EnvironmentReader.read() remembers a name that it may not read, and does not throw",
  permissions: { env: ["OTEL_SERVICE_NAME"] },
  fn() {
    const reader = new EnvironmentReader();
    assert.equal(reader.read("OTEL_TRACES_SAMPLER"), undefined);
    reader.read("OTEL_SERVICE_NAME");
    assert.deepEqual([...reader.denied], ["OTEL_TRACES_SAMPLER"]);
  },
});
