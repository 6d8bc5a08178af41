import { readEnv } from "../env.ts";
import { TracedKv, type TraceKvOptions } from "./kv.ts";
import { writeToKv } from "./kv_write.ts";

/**
 * Opens a Deno KV that explains itself.
 *
 * @param path A file, `:memory:`, or the URL of a remote KV; the runtime's default unless told.
 * @param options Names for its spans.
 */
export async function openKv(path?: string, options: TraceKvOptions = {}): Promise<TracedKv> {
  // The runtime opens what this variable names when it is given no path.
  const opened = path ?? readEnv("DENO_KV_DEFAULT_PATH");
  const remote = opened !== undefined && /^https?:\/\//i.test(opened);
  // Opening a new file writes to it, too.
  const kv = await writeToKv(() => Deno.openKv(path));
  return new TracedKv(kv, { remote, namespace: namespaceOf(opened, remote), ...options });
}

/** A file's name without its folders, a remote KV's host: enough to tell two apart. */
function namespaceOf(path: string | undefined, remote: boolean): string {
  if (path === undefined) return "default";
  return remote ? new URL(path).host : path.split(/[\\/]/).at(-1) || "default";
}
