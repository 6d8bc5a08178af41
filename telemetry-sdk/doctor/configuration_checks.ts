import { UNSUPPORTED } from "../config/from_env.ts";
import type { LoadedConfig } from "../config/load.ts";
import { ok, problem, type Verdict, warning } from "./finding.ts";

/** What is wrong with the configuration itself, and what the process may not do. */
export function checkConfiguration({ config, warnings, missing }: LoadedConfig): Verdict[] {
  const verdicts = [
    ...warnings.map((
      line,
    ) => (isHarmless(line) ? warning(sentence(line)) : problem(sentence(line)))),
    ...missing.map((what) => problem(`There is no permission to ${what}.`, "Give that flag.")),
  ];
  if (config.disabled) {
    verdicts.push(warning("OTEL_SDK_DISABLED or the option `disabled` has nothing started."));
  }
  return verdicts.length > 0 ? verdicts : [ok("Every value is sound, and permitted.")];
}

/** Whether everything is as it was configured all the same. */
function isHarmless(line: string): boolean {
  return line.includes(" is not used: ") ||
    Object.keys(UNSUPPORTED).some((variable) => line.startsWith(`${variable}:`));
}

function sentence(line: string): string {
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}
