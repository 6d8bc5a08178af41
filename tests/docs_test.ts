import assert from "node:assert/strict";
import { configurationReference } from "../telemetry-sdk/config/reference.ts";
import { SETTINGS } from "../telemetry-sdk/config/settings.ts";

Deno.test("docs/configuration.md says what the parsers' tables say", async () => {
  const page = await Deno.readTextFile(new URL("../docs/configuration.md", import.meta.url));
  assert.ok(
    page.endsWith(`\n\n${configurationReference()}\n`),
    "make it anew with `deno task docs:reference`",
  );
  for (const { variable, option } of SETTINGS) {
    assert.ok(page.includes(`\`${option}\``), option);
    if (variable !== undefined) assert.ok(page.includes(`\`${variable}\``), variable);
  }
});
