import process from "node:process";

/**
 * Runs something that reads `process.env` on an environment of its own, and so that it warns nobody.
 *
 * The packages that read the file ask for variables without asking whether they may: on Deno that is a prompt
 * on a terminal and an exception elsewhere, and `yaml` does so for every token. What they say by
 * `process.emitWarning` can hold the value of a variable. Nobody else sees the exchange, since the work is
 * synchronous.
 *
 * @param variables The whole environment that it sees.
 * @param work What to run.
 */
export function withOwnEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  work: () => T,
): T {
  const { env, emitWarning } = process;
  process.env = { ...variables };
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.env = env;
    process.emitWarning = emitWarning;
  }
}
