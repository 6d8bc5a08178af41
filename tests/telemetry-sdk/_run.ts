import { fileURLToPath } from "node:url";
import { type RunningProcess, startProcess } from "../_process.ts";

/** What a program is run with. */
export interface RunOptions {
  /** How the program is to end. */
  readonly mode?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The permission flags; all permissions by default. */
  readonly allow?: readonly string[];
  /** A line to wait for. */
  readonly ready?: RegExp;
  /** A program other than the usual one. */
  readonly program?: URL;
}

const SERVICE = new URL("./_programs/service.ts", import.meta.url);

/** Starts a program with telemetry in a process of its own. */
export function start(options: RunOptions = {}): Promise<RunningProcess> {
  const { mode, env = {}, allow = ["-A"], ready, program = SERVICE } = options;
  return startProcess({
    args: [
      "run",
      "--no-prompt",
      ...allow,
      fileURLToPath(program),
      ...(mode === undefined ? [] : [mode]),
    ],
    env,
    cwd: new URL(".", import.meta.url),
    ...(ready !== undefined && { ready }),
  });
}

/** Runs a program to its end. */
export async function run(
  options: RunOptions = {},
): Promise<RunningProcess & { readonly code: number }> {
  const process = await start(options);
  const { code } = await process.status;
  return Object.assign(process, { code });
}

/** What the SDK said, without its prefix. */
export function said(process: RunningProcess): string[] {
  const prefix = "echelon telemetry: ";
  return process.stderr.filter((line) => line.startsWith(prefix)).map((line) =>
    line.slice(prefix.length)
  );
}
