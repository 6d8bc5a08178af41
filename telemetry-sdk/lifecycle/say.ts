/** Everything that the SDK says carries this, so that nobody takes it for the application's word. */
const PREFIX = "echelon telemetry: ";

/**
 * Says one line on stderr. The only place of the SDK that writes to the console.
 *
 * @param line What to say, without a line break.
 */
export function say(line: string): void {
  // deno-lint-ignore no-console
  console.error(`${PREFIX}${line}`);
}
