import { Access } from "./access.ts";
import { Api } from "./api/router.ts";
import type { ImportResult, StorageState } from "./api/model.ts";
import config from "./deno.json" with { type: "json" };
import { Dispatcher } from "./dispatcher.ts";
import { listen } from "./listen.ts";
import type { ViewerOptions } from "./options.ts";
import { BodyReader } from "./otlp/body.ts";
import { JsonLines } from "./otlp/json_lines.ts";
import { Receiver, type Sink } from "./otlp/receiver.ts";
import { PageFiles } from "./page_files.ts";
import { FileLog } from "./store/file_log.ts";
import { Store } from "./store/store.ts";

/** A running viewer; disposing of it is shutting it down. */
export interface Viewer extends AsyncDisposable {
  /** Its address, without a slash at the end: for browsers, and for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly port: number;
  /** The port that was wanted and is taken by somebody else; undefined where it was free. */
  readonly busyPort: number | undefined;
  /** What was read from the file at the start; undefined without a file. */
  readonly loaded: ImportResult | undefined;
  /** What is kept, what it takes, and what had to go. */
  state(): StorageState;
  /** Stops listening and ends what is still being answered. */
  shutdown(): Promise<void>;
}

const MIB = 1024 * 1024;
const OTLP_PORT = 4318;
const LEAST_TOKEN = 16;
const DEFAULT_MB = 256;

/**
 * Starts a viewer: an OTLP/HTTP receiver with a page to look at what it received.
 *
 * @example Usage
 * ```ts
 * import { startViewer } from "@echelon/viewer";
 *
 * await using viewer = await startViewer({ port: 0 });
 * const answer = await fetch(`${viewer.url}/v1/traces`, {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ resourceSpans: [] }),
 * });
 * await answer.body?.cancel();
 * ```
 *
 * @param options Where it listens and how much it keeps.
 * @returns The viewer, listening.
 * @throws {RangeError} When it would be reached from beyond this machine without a token.
 */
export async function startViewer(options: ViewerOptions = {}): Promise<Viewer> {
  const { hostname = "127.0.0.1", token } = options;
  if (token !== undefined && token.length < LEAST_TOKEN) {
    throw new RangeError(`The viewer's token is shorter than ${LEAST_TOKEN} characters`);
  }
  if (token === undefined && !isLoopback(hostname)) {
    throw new RangeError(
      `A viewer on "${hostname}" can be reached by others: set VIEWER_TOKEN, or listen on "127.0.0.1"`,
    );
  }
  const page = await PageFiles.read();
  const { file, fileMb = DEFAULT_MB } = options;
  const fileLog = file === undefined ? undefined : await FileLog.open(file, fileMb * MIB);
  try {
    const viewer = new RunningViewer(options, { page, fileLog });
    await viewer.load();
    viewer.listen(hostname);
    return viewer;
  } catch (error) {
    await fileLog?.[Symbol.asyncDispose]();
    throw error;
  }
}

class RunningViewer implements Viewer, Sink {
  busyPort: number | undefined;
  loaded: ImportResult | undefined;
  readonly #options: ViewerOptions;
  readonly #page: PageFiles;
  readonly #fileLog: FileLog | undefined;
  readonly #store: Store;
  readonly #receiver: Receiver;
  readonly #api: Api;
  readonly #closing = new AbortController();
  readonly #startTime = Date.now();
  readonly #onError = (error: unknown): void => this.#options.onError?.(error);
  #dispatcher: Dispatcher | undefined;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(
    options: ViewerOptions,
    { page, fileLog }: { readonly page: PageFiles; readonly fileLog: FileLog | undefined },
  ) {
    const { memoryMb = DEFAULT_MB, maxSpansPerTrace, maxSeries } = options;
    this.#options = options;
    this.#page = page;
    this.#fileLog = fileLog;
    this.#store = new Store({
      maxBytes: memoryMb * MIB,
      ...(maxSpansPerTrace !== undefined && { maxSpansPerTrace }),
      ...(maxSeries !== undefined && { maxSeries }),
    });
    const bodies = new BodyReader();
    this.#receiver = new Receiver(bodies, this);
    this.#api = new Api({
      store: this.#store,
      sink: this,
      bodies,
      state: () => this.state(),
      onError: this.#onError,
    });
  }

  get port(): number {
    return this.#server?.addr.port ?? 0;
  }

  get url(): string {
    const { hostname = "127.0.0.1" } = this.#options;
    return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${this.port}`;
  }

  get wantsJson(): boolean {
    return this.#fileLog !== undefined;
  }

  async take(request: Parameters<Sink["take"]>[0]): Promise<number> {
    const refused = await this.#store.add(request);
    if (request.json !== undefined) await this.#fileLog?.append(request.json);
    return refused;
  }

  state(): StorageState {
    return {
      version: config.version,
      startTime: this.#startTime,
      now: Date.now(),
      bytes: this.#store.bytes,
      maxBytes: this.#store.maxBytes,
      traces: this.#store.traces.state(),
      logs: this.#store.logs.state(),
      metrics: this.#store.metrics.state(),
      requests: this.#receiver.counts,
      ...(this.#fileLog !== undefined && { file: this.#fileLog.state }),
    };
  }

  /** Takes in what an earlier viewer wrote to the file. */
  async load(): Promise<void> {
    if (this.#fileLog === undefined) return;
    const lines = new JsonLines((request) => this.#store.add(request));
    let number = 0;
    for await (const line of this.#fileLog.lines()) await lines.addLine(line, ++number);
    this.loaded = lines.result;
  }

  listen(hostname: string): void {
    const { port = OTLP_PORT, exactPort = false, token, allowedOrigins = [] } = this.#options;
    const { server, busyPort } = listen(
      { hostname, port, exactPort, signal: this.#closing.signal, onError: this.#onError },
      (request) => this.#dispatcher?.handle(request) ?? unavailable(),
    );
    this.#server = server;
    this.busyPort = busyPort;
    // Only now is the port known, which is part of the viewer's own origin.
    this.#dispatcher = new Dispatcher({
      access: new Access({ hostname, port: this.port, token, allowedOrigins }),
      receiver: this.#receiver,
      api: this.#api,
      page: this.#page,
    });
  }

  shutdown(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #stop(): Promise<void> {
    this.#api.close();
    // Aborting, unlike `shutdown()`, does not wait for connections that a browser keeps open.
    this.#closing.abort();
    await this.#server?.finished;
    await this.#fileLog?.[Symbol.asyncDispose]();
  }
}

function unavailable(): Promise<Response> {
  return Promise.resolve(new Response(null, { status: 503 }));
}

/** Whether only this machine can reach what listens there. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
