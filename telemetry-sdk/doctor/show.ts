import type { Examination } from "./examine.ts";
import type { Finding, FindingState } from "./finding.ts";

const WIDEST = "problem".length;

/** An examination for a person to read. */
export function examinationText({ configuration, variables, findings }: Examination): string {
  const indent = " ".repeat(WIDEST + 2);
  const lines = [
    `Telemetry: ${configuration}`,
    ...variables.map((variable) => `${indent}${variable}`),
    "",
    ...grouped(findings).flatMap(({ checks, state, message, advice }) => [
      `${state.padEnd(WIDEST)}  ${checks.join(", ")}: ${message}`,
      ...(advice === undefined ? [] : [`${indent}${advice}`]),
    ]),
    "",
    `${count("problem")}, ${count("warning")}`,
  ];
  return lines.map(withoutControls).join("\n");

  function count(wanted: FindingState): string {
    const number = findings.filter(({ state }) => state === wanted).length;
    return `${number} ${wanted}${number === 1 ? "" : "s"}`;
  }
}

/** The signals of one collector mostly share their fate, which is told once. */
function grouped(findings: readonly Finding[]) {
  const groups = Map.groupBy(
    findings,
    ({ state, message, advice }) => JSON.stringify([state, message, advice]),
  );
  return Array.from(groups.values()).flatMap((group) =>
    group.slice(0, 1).map((finding) => ({
      ...finding,
      checks: [...new Set(group.map(({ check }) => check))],
    }))
  );
}

/** What a receiver answers must not move the cursor of whoever reads it. */
function withoutControls(line: string): string {
  return line.replaceAll(/\p{Cc}+/gu, " ");
}
