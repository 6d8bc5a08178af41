import assert from "node:assert/strict";
import { OTLP_DEFAULTS, otlpSettings, SETTINGS } from "../telemetry-sdk/config/settings.ts";

Deno.test("docs/telemetry.md lists the variables and defaults that the parser knows", async () => {
  const page = await Deno.readTextFile(new URL("../docs/telemetry.md", import.meta.url));
  const rows = page.matchAll(/^\| `(OTEL_[A-Z_]+)` +\| (?:`([^`]*)`|–) +\|/gm);
  const documented = new Map([...rows].map((row) => [row[1], row[2]]));

  const shown = (value: unknown) => value === undefined ? undefined : String(value);
  const settings = Object.values(SETTINGS)
    .map((
      setting,
    ) => [setting.variable, shown("fallback" in setting ? setting.fallback : undefined)]);
  const defaults: Readonly<Record<string, unknown>> = OTLP_DEFAULTS;
  const otlp = Object.entries(otlpSettings(""))
    .map(([name, setting]) => [setting.variable, shown(defaults[name])]);
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries([...settings, ...otlp]));
});
