import { type RunningProcess, startProcess } from "../_process.ts";

const root = new URL("../../", import.meta.url);

/** What a task is started with beside what it says itself. */
export interface TaskOptions {
  /** Variables from outside; `PORT` is any free one unless told. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags of `deno run` more, such as the permission to read one file. */
  readonly flags?: readonly string[] | undefined;
}

/**
 * Starts the example service as one of the tasks with telemetry does, with exactly its permissions
 * and those of the flags. It is not restarted when a file is changed, and keeps its data in memory.
 *
 * @param task The task's name.
 */
export async function startTask(
  task: "start:otel" | "dev:otel",
  { env, flags = [] }: TaskOptions,
): Promise<RunningProcess & { readonly url: string }> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const command: string = tasks[task].command.replaceAll(/\$\([^)]*\)/g, ":memory:");
  const [, subcommand = "", ...rest] = command.split(" ");
  const process = await startProcess({
    args: [subcommand, ...flags, ...rest.filter((word) => word !== "--watch")],
    env: { PORT: "0", ...env },
    cwd: root,
    ready: /"url":"([^"]+)\/"/,
  });
  const { url } = process;
  if (url === undefined) throw new Error("The service did not say where it listens");
  return Object.assign(process, { url });
}
