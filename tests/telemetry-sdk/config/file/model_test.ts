import assert from "node:assert/strict";
import { configFromFile } from "../../../../telemetry-sdk/config/file/from_file.ts";
import { ConfigFileOnDisk, readFile, refusal, versioned } from "./_file.ts";

const VARIABLES = {
  TEXT: "value",
  BOOL: "true",
  INT: "1",
  FLOAT: "1.1",
  HEX: "0xdeadbeef",
  MAP: "value\nkey:value",
  REFERENCE: "${NEVER}",
  NEVER: "never use this value",
  ESCAPED: "value$$",
  LIST: "[1, 2]",
  TAG: "!secret",
};

/** Values as they are written, and as they are read: the table of the specification, and what is near it. */
const SUBSTITUTIONS: readonly (readonly [written: string, read: unknown])[] = [
  ["${TEXT}", "value"],
  ["${env:TEXT}", "value"],
  ["${BOOL}", true],
  ["${INT}", 1],
  ["${FLOAT}", 1.1],
  ["${HEX}", 0xdeadbeef],
  ['"${TEXT}"', "value"],
  ['"${BOOL}"', "true"],
  ['"${INT}"', "1"],
  ["'${HEX}'", "0xdeadbeef"],
  ["${MAP}", "value\nkey:value"],
  ["${LIST}", "[1, 2]"],
  ["${TAG}", "!secret"],
  ["foo ${TEXT} ${FLOAT}", "foo value 1.1"],
  ["${UNSET}", null],
  ["${UNSET:-}", null],
  ['"${UNSET}"', ""],
  ["${UNSET:-fallback}", "fallback"],
  ["${UNSET:-7}", 7],
  ["${UNSET:-a b:c}", "a b:c"],
  ["${TEXT:-fallback}", "value"],
  ["${REFERENCE}", "${NEVER}"],
  ["${UNSET:-${TEXT}}", "${TEXT}"],
  ["$${TEXT}", "${TEXT}"],
  ["$$${TEXT}", "$value"],
  ["$$$${TEXT}", "$${TEXT}"],
  ["$${TEXT:-fallback}", "${TEXT:-fallback}"],
  ["$${TEXT:-${TEXT}}", "${TEXT:-value}"],
  ["${UNSET:-$${UNSET}}", "${UNSET:-${UNSET}}"],
  ["${ESCAPED}", "value$$"],
  ["a $$ b", "a $ b"],
  ["a $ b", "a $ b"],
];

Deno.test("configFromFile() puts variables in as the specification has it", async (t) => {
  for (const [written, read] of SUBSTITUTIONS) {
    await t.step(written, () => {
      const { model } = readFile(
        versioned(`distribution:\n  test:\n    key: ${written}`),
        VARIABLES,
      );
      assert.deepEqual(model.distribution?.test, { key: read });
    });
  }
  await t.step("but not in keys", () => {
    const { model } = readFile(versioned("distribution:\n  test:\n    ${TEXT}: value"), VARIABLES);
    assert.deepEqual(model.distribution?.test, { "${TEXT}": "value" });
  });
});

Deno.test("configFromFile() refuses a reference that is none, with its line", () => {
  for (const written of ["${TEXT:?error}", "${1TEXT}", "${A B}", "${TEXT-x}"]) {
    assert.equal(
      refusal(versioned(`disabled: false\ndistribution:\n  key: ${written}`), VARIABLES),
      `telemetry.yaml:4:8: "${written}" is no reference; expected \${NAME}, \${NAME:-default}, or ` +
        "$$ for a $",
    );
  }
});

Deno.test("configFromFile() shows no value of a variable when it refuses the file", () => {
  const secret = "hunter2";
  for (const [text, key] of [["disabled", "disabled"], ["log_level", "log_level"]]) {
    const said = refusal(versioned(`${text}: \${SECRET}`), { SECRET: secret });
    assert.ok(said.includes(`"${key}"`), said);
    assert.ok(!said.includes(secret), said);
  }
});

Deno.test({
  name: "configFromFile() counts a variable that may not be read as unset, and says so once",
  permissions: { env: ["ECHELON_ALLOWED"], read: true, write: true },
  fn() {
    using file = new ConfigFileOnDisk(versioned(
      "log_level: ${ECHELON_ALLOWED:-info}\ndisabled: ${ECHELON_DENIED:-true}\n" +
        "distribution:\n  test:\n    a: ${ECHELON_DENIED}\n",
    ));
    const asked: string[] = [];
    const { config, warnings } = configFromFile({
      path: file.path,
      env(name) {
        asked.push(name);
        return "warn";
      },
    });
    assert.deepEqual(asked, ["ECHELON_ALLOWED"]);
    assert.equal(config.diagnosticLevel, "warn");
    assert.equal(config.disabled, true);
    assert.deepEqual(warnings, [
      `${file.path}:3:11: "ECHELON_DENIED": no permission to read the variable ` +
      "(--allow-env=ECHELON_DENIED); it counts as unset",
    ]);
  },
});

Deno.test("configFromFile() leaves the process's own environment alone", () => {
  const before = Deno.env.toObject();
  readFile(versioned("distribution:\n  test:\n    key: ${TEXT}"), VARIABLES);
  refusal(versioned("distribution:\n  key: ${TEXT:?error}"), VARIABLES);
  assert.deepEqual(Deno.env.toObject(), before);
  assert.equal(Deno.env.get("OTEL_CONFIG_FILE"), before.OTEL_CONFIG_FILE);
});
