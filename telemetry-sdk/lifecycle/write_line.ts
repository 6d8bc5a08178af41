/**
 * Writes one line past the console: Deno's own is captured or silenced where `OTEL_DENO_CONSOLE` says so, and
 * the program may have replaced it. Never throws: nobody may read the stream any more.
 *
 * @param stream Where to write.
 * @param text The line, without its end.
 */
export function writeLine(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  try {
    const bytes = new TextEncoder().encode(`${text}\n`);
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch {
    // There is no other place to tell.
  }
}
