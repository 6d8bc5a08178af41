import { writeLine } from "./write_line.ts";

/** Everything that the SDK says carries this, so that nobody takes it for the application's word. */
const PREFIX = "echelon telemetry: ";

/**
 * Says one line on stderr. The only place where the SDK speaks for itself.
 *
 * @param line What to say, without a line break.
 */
export function say(line: string): void {
  writeLine(Deno.stderr, `${PREFIX}${line}`);
}
