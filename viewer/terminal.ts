import type { Viewer } from "./server.ts";

const encoder = new TextEncoder();

/** Writes a line to standard output. */
export function say(line: string): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** Writes a line to standard error. */
export function complain(line: string): void {
  Deno.stderr.writeSync(encoder.encode(`${line}\n`));
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says where a viewer is, and what is not as it was wanted. */
export function introduce({ url, busyPort, loaded }: Viewer): void {
  if (busyPort !== undefined) {
    say(`Port ${busyPort} is taken by another program: the viewer uses another one.`);
    say(`Tell your service: OTEL_EXPORTER_OTLP_ENDPOINT=${url}`);
  }
  if (loaded !== undefined) {
    const { spans, logs, points, problems } = loaded;
    say(`Read from the file: ${spans} spans, ${logs} logs, ${points} metric points`);
    for (const problem of problems) complain(`The file is not whole: ${problem}`);
  }
  say(`Viewer listening on ${url}/`);
}

const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Aborted when the program is asked to end; a second time ends it at once. */
export function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const name of STOP_SIGNALS) {
    Deno.addSignalListener(name, () => {
      if (stopping.signal.aborted) Deno.exit(130);
      stopping.abort();
    });
  }
  return stopping.signal;
}

/** Resolves when a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
