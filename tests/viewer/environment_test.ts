import assert from "node:assert/strict";
import { readEnvironment, type Variable } from "../../viewer/environment.ts";

function read(variables: Partial<Record<Variable, string>>) {
  return readEnvironment((name) => variables[name]);
}

Deno.test("readEnvironment() gives nothing when nothing is set", () => {
  assert.deepEqual(read({}), {});
  assert.deepEqual(read({ VIEWER_PORT: "", VIEWER_TOKEN: "  " }), {});
});

Deno.test("readEnvironment() reads every variable", () => {
  assert.deepEqual(
    read({
      VIEWER_PORT: "0",
      VIEWER_HOST: "::1",
      VIEWER_TOKEN: "secret",
      VIEWER_MEMORY_MB: "64",
      VIEWER_FILE: "telemetry.jsonl",
      VIEWER_FILE_MB: "128",
      VIEWER_ALLOWED_ORIGINS: "http://localhost:8000/, HTTPS://Shop.example",
    }),
    {
      port: 0,
      hostname: "::1",
      token: "secret",
      memoryMb: 64,
      file: "telemetry.jsonl",
      fileMb: 128,
      allowedOrigins: ["http://localhost:8000", "https://shop.example"],
    },
  );
});

Deno.test("readEnvironment() names the variable that is wrong", () => {
  const wrong: [Variable, string][] = [
    ["VIEWER_PORT", "65536"],
    ["VIEWER_PORT", "4318.5"],
    ["VIEWER_PORT", "otlp"],
    ["VIEWER_MEMORY_MB", "15"],
    ["VIEWER_FILE_MB", "-1"],
    ["VIEWER_ALLOWED_ORIGINS", "*"],
    ["VIEWER_ALLOWED_ORIGINS", "http://localhost:8000/path"],
    ["VIEWER_ALLOWED_ORIGINS", "file:///page.html"],
  ];
  for (const [name, value] of wrong) {
    assert.throws(() => read({ [name]: value }), {
      name: "RangeError",
      message: new RegExp(`^${name} (is|has) "`),
    });
  }
});
