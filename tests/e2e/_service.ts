import { type RunningProcess, startProcess } from "../_process.ts";

const root = new URL("../../", import.meta.url);

/**
 * Starts the example service as its task does, with exactly the task's permissions.
 *
 * @param task The task's name.
 * @param env Variables from outside; `PORT` is any free one unless told.
 */
export async function startService(
  task: "start" | "start:otel",
  env: Readonly<Record<string, string>>,
): Promise<RunningProcess & { readonly url: string }> {
  const kvPath = env.KV_PATH ?? ":memory:";
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const command: string = tasks[task].command.replaceAll(/\$\([^)]*\)/g, kvPath);
  const process = await startProcess({
    args: command.split(" ").slice(1),
    env: { PORT: "0", ...env },
    cwd: root.pathname,
    ready: /"url":"([^"]+)\/"/,
  });
  if (process.url === undefined) throw new Error("The service did not say where it listens");
  return process as RunningProcess & { readonly url: string };
}

/** Variables that make the service export soon and to here. */
export function exportTo(url: string, protocol = "http/protobuf"): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_BSP_SCHEDULE_DELAY: "50",
  };
}

/** Logs one of the shop's users in. */
export async function login(
  url: string,
  username: "demo" | "admin",
): Promise<{ readonly token: string; readonly cookie: string }> {
  const response = await fetch(`${url}/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: `${username}-password` }),
  });
  const [cookie = ""] = response.headers.getSetCookie();
  const { token } = await response.json();
  return { token, cookie: cookie.split(";", 1).join() };
}
