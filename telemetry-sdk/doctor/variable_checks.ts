import { EnvironmentReader } from "../config/env.ts";
import { UNSUPPORTED } from "../config/from_env.ts";
import { SETTINGS } from "../config/settings.ts";
import { ok, problem, skipped, type Verdict, warning } from "./finding.ts";
import { misspellings, nearestName } from "./spelling.ts";

const READ_HERE: readonly string[] = SETTINGS.flatMap(({ variable }) => variable ?? []);
/** Read by the runtime, or told about where the configuration is read. */
const KNOWN: ReadonlySet<string> = new Set([
  ...READ_HERE,
  ...Object.keys(UNSUPPORTED),
  "OTEL_DENO",
  "OTEL_DENO_TRACING",
  "OTEL_DENO_METRICS",
]);
/** Variables for other languages and for instrumentations; they may stand in a shared environment. */
const FOREIGN =
  /^OTEL_(NODE|JS|JAVA|JAVAAGENT|PYTHON|GO|DOTNET|PHP|RUBY|RUST|CPP|INSTRUMENTATION|SEMCONV|BSP|BLRP|LIBRARY)_/;

/** The variables that are set, with their values where those may be shown. */
export function shownVariables(): string[] {
  const reader = new EnvironmentReader();
  return SETTINGS.flatMap(({ variable, secret, show }) => {
    const text = variable === undefined ? undefined : reader.read(variable);
    if (text === undefined) return [];
    return [`${variable}=${secret === true ? "(not shown)" : show?.(text) ?? text}`];
  });
}

/** Looks for `OTEL_*` variables that nothing reads. */
export function checkVariables(): Verdict[] {
  const isListed = Deno.permissions.querySync({ name: "env" }).state === "granted";
  const reader = new EnvironmentReader();
  const verdicts = isListed ? listedVariables() : guessedVariables(reader);
  if (verdicts.length > 0) return verdicts;
  if (!isListed && reader.denied.size > 0) {
    return [skipped("No permission to read OTEL_* variables.", "Give --allow-env=OTEL_*.")];
  }
  return [
    isListed ? ok("Every OTEL_* variable that is set is one that is read.") : skipped(
      "No usual misspelling of an OTEL_* variable is set; others were not looked for.",
      "Give --allow-env to have all of them looked at.",
    ),
  ];
}

function listedVariables(): Verdict[] {
  return Object.entries(Deno.env.toObject()).toSorted().flatMap(([name, value]) => {
    if (!/^OTEL_/i.test(name) || value.trim() === "" || KNOWN.has(name)) return [];
    const meant = nearestName(name.toUpperCase(), READ_HERE);
    if (meant !== undefined) return [misspelt(name, meant)];
    if (FOREIGN.test(name)) return [];
    return [warning(`Nothing here reads ${name}.`, "docs/configuration.md lists what is read.")];
  });
}

function guessedVariables(reader: EnvironmentReader): Verdict[] {
  return Array.from(misspellings(READ_HERE)).flatMap(([name, meant]) =>
    KNOWN.has(name) || reader.read(name) === undefined ? [] : [misspelt(name, meant)]
  );
}

function misspelt(name: string, meant: string): Verdict {
  return problem(`Nothing reads ${name}.`, `Did you mean ${meant}?`);
}
