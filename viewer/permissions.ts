/**
 * Prints what the task may be granted: the host that it listens on, or the file that it writes. So
 * the viewer gets these and nothing else.
 */
const NO_FILE = ":none:";

if (import.meta.main) {
  const file = Deno.args[0] === "file" ? Deno.env.get("VIEWER_FILE")?.trim() || NO_FILE : undefined;
  const granted = file === undefined
    ? Deno.env.get("VIEWER_HOST")?.trim() || "127.0.0.1"
    : file === NO_FILE
    ? NO_FILE
    : `${file},${file}.1`;
  await Deno.stdout.write(new TextEncoder().encode(granted));
}
