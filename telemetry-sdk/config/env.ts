/** Gives the value of an environment variable, or `undefined` when it is unset or empty. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * The one place that reads the process environment.
 *
 * A name that the process may not read counts as unset and is remembered. The permission is asked for with
 * `Deno.permissions.querySync`, because `Deno.env.get` itself would stop at a prompt on a terminal.
 */
export class EnvironmentReader {
  readonly #denied = new Set<string>();

  /** The names that could not be read for want of a permission. */
  get denied(): ReadonlySet<string> {
    return this.#denied;
  }

  /**
   * Reads one variable; never throws and never prompts.
   *
   * @param name The variable's name.
   * @returns The trimmed value. An empty value counts as unset, as the specification demands.
   */
  read(name: string): string | undefined {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") {
      this.#denied.add(name);
      return undefined;
    }
    const value = Deno.env.get(name)?.trim();
    return value === "" ? undefined : value;
  }
}
