/**
 * Says in plain words what is wrong with a configuration of telemetry: run as a program, or called from one.
 *
 * @module
 */

import { runDoctor } from "./doctor/command_line.ts";

export { type Examination, examine, type ExamineOptions } from "./doctor/examine.ts";
export type { Finding, FindingState } from "./doctor/finding.ts";

if (import.meta.main) Deno.exit(await runDoctor(Deno.args));
