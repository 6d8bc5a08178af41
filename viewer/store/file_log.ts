import type { FileStorage } from "../api/model.ts";
import type { Message } from "../otlp/wire.ts";

/**
 * Keeps what was received in a file, as OTLP JSON, one request a line. When the file has taken half
 * of the room it becomes `<path>.1`, and what was there before is gone.
 */
export class FileLog implements AsyncDisposable {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile;
  #bytes: number;
  #olderBytes: number;
  #problem: string | undefined;
  #tooLarge = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, maxBytes: number, opened: Opened) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#file = opened.file;
    this.#bytes = opened.bytes;
    this.#olderBytes = opened.olderBytes;
  }

  /**
   * Opens a file, or makes it.
   *
   * @param path Where it is.
   * @param maxBytes What it and the file before it may take together.
   * @throws {Error} When it cannot be opened for writing.
   */
  static async open(path: string, maxBytes: number): Promise<FileLog> {
    try {
      const file = await openToAppend(path);
      const { size } = await file.stat();
      // The last line may have been cut short when its writer ended; an empty line is nothing.
      if (size > 0) await file.write(new Uint8Array([0x0a]));
      return new FileLog(path, maxBytes, {
        file,
        bytes: size,
        olderBytes: await sizeOf(olderPath(path)),
      });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot write to "${path}" (VIEWER_FILE): ${reason}`, { cause });
    }
  }

  get state(): FileStorage {
    const problem = this.#problem ?? this.#leftOut();
    return {
      path: this.#path,
      bytes: this.#bytes + this.#olderBytes,
      maxBytes: this.#maxBytes,
      ...(problem !== undefined && { problem }),
    };
  }

  /** The lines that are there, the oldest first. */
  async *lines(): AsyncGenerator<string> {
    for (const path of [olderPath(this.#path), this.#path]) yield* linesOf(path);
  }

  /** Writes a request. It never fails: what went wrong is told by {@linkcode state}. */
  async append(request: Message): Promise<void> {
    const line = this.#encoder.encode(`${JSON.stringify(request)}\n`);
    this.#writing = this.#writing.then(() => this.#write(line)).catch((error) => {
      this.#problem = `Writing stopped: ${error instanceof Error ? error.message : String(error)}`;
    });
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    this.#file.close();
  }

  #leftOut(): string | undefined {
    if (this.#tooLarge === 0) return undefined;
    return `Requests larger than half of the room were left out: ${this.#tooLarge}`;
  }

  async #write(line: Uint8Array): Promise<void> {
    if (this.#problem !== undefined) return;
    if (line.length > this.#maxBytes / 2) {
      this.#tooLarge++;
      return;
    }
    if (this.#bytes > 0 && this.#bytes + line.length > this.#maxBytes / 2) await this.#turnOver();
    for (let written = 0; written < line.length;) {
      written += await this.#file.write(line.subarray(written));
    }
    this.#bytes += line.length;
  }

  async #turnOver(): Promise<void> {
    // Renamed while it is open, and closed when there is another one: there is always one to close.
    await Deno.rename(this.#path, olderPath(this.#path));
    this.#olderBytes = this.#bytes;
    this.#bytes = 0;
    const full = this.#file;
    this.#file = await openToAppend(this.#path);
    full.close();
  }
}

interface Opened {
  readonly file: Deno.FsFile;
  readonly bytes: number;
  readonly olderBytes: number;
}

function olderPath(path: string): string {
  return `${path}.1`;
}

/** Telemetry can hold what is not meant for everybody on the machine. */
function openToAppend(path: string): Promise<Deno.FsFile> {
  return Deno.open(path, { create: true, append: true, mode: 0o600 });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** A line that is longer than a request can be is passed over. */
const MAX_LINE = 256 * 1024 * 1024;

async function* linesOf(path: string): AsyncGenerator<string> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of file.readable.pipeThrough(new TextDecoderStream())) {
    const [rest = "", ...others] = chunk.split("\n");
    if ((length += rest.length) <= MAX_LINE) parts.push(rest);
    for (const next of others) {
      if (length <= MAX_LINE) yield parts.join("");
      parts = [next];
      length = next.length;
    }
  }
  if (length > 0 && length <= MAX_LINE) yield parts.join("");
}
