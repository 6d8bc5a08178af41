import type { ExportResponse, IExporterTransport } from "@opentelemetry/otlp-exporter-base";

const NEWLINE = new TextEncoder().encode("\n");

/** Writes each export as one line to standard output: OTLP JSON lines, for whoever reads the pipe. */
export class StdoutTransport implements IExporterTransport {
  readonly #write: (bytes: Uint8Array) => number;

  /** @param write Writes bytes and tells how many; standard output unless told. */
  constructor(write: (bytes: Uint8Array) => number = (bytes) => Deno.stdout.writeSync(bytes)) {
    this.#write = write;
  }

  /**
   * Writes one export.
   *
   * @param data The encoded export.
   */
  send(data: Uint8Array): Promise<ExportResponse> {
    try {
      // One buffer, so that a line is not torn apart by another writer.
      const line = new Uint8Array(data.length + NEWLINE.length);
      line.set(data);
      line.set(NEWLINE, data.length);
      for (let written = 0; written < line.length;) written += this.#write(line.subarray(written));
      return Promise.resolve({ status: "success" });
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      return Promise.resolve({ status: "failure", error: reason });
    }
  }

  /** Nothing waits. */
  drain(): void {}

  /** Nothing is held open. */
  shutdown(): void {}
}
