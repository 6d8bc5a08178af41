/**
 * Reads one environment variable without ever asking or failing: a variable that the process may
 * not read counts as unset. `Deno.env.get` alone would prompt on a terminal and throw elsewhere.
 *
 * @param name The variable's name.
 * @returns Its value, or `undefined` where it is unset, empty or not permitted.
 */
export function readEnv(name: string): string | undefined {
  if (
    Deno.permissions.querySync({ name: "env", variable: name }).state !==
      "granted"
  ) {
    return undefined;
  }
  return Deno.env.get(name) || undefined;
}
