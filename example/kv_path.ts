/**
 * Where the shop keeps its data. A module of its own, because the tasks run it too: the service is
 * granted read and write access to this one path and to nothing else.
 *
 * @returns `KV_PATH`, or `:memory:` where it is unset or empty.
 */
export function kvPath(): string {
  return Deno.env.get("KV_PATH") || ":memory:";
}

if (import.meta.main) {
  await Deno.stdout.write(new TextEncoder().encode(kvPath()));
}
