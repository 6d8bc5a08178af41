import { fileURLToPath } from "node:url";

/**
 * What the shop is granted: the same as by the task `start:otel`, with its data in memory.
 */
export const SHOP_ARGUMENTS: readonly string[] = [
  "run",
  "--no-prompt",
  "--allow-net",
  "--allow-env=PORT,HOST,KV_PATH,OTEL_*",
  "--allow-sys=hostname,osRelease",
  "--allow-read=example/static,:memory:",
  "--allow-write=:memory:",
  "main.ts",
];

/** What Deno needs to find its files; no variable of the shell may send the telemetry elsewhere. */
export const PASSED_ON = [
  "PATH",
  "HOME",
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "TMPDIR",
  "USERPROFILE",
  "LOCALAPPDATA",
  "SystemRoot",
  "TEMP",
] as const;

/** Short, so that something moves while one looks at it. */
const INTERVALS = {
  OTEL_METRIC_EXPORT_INTERVAL: "5000",
  OTEL_METRIC_EXPORT_TIMEOUT: "4000",
  OTEL_BSP_SCHEDULE_DELAY: "1000",
  OTEL_BLRP_SCHEDULE_DELAY: "1000",
};

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const USUAL_PORT = 8000;
const READY_MILLIS = 60_000;
const POLL_MILLIS = 100;
/** How long the shop may take to hand over its last telemetry. */
const STOP_MILLIS = 4000;
const KEPT_LINES = 30;

/** The example service in a process of its own; disposing of it ends it. */
export class Shop implements AsyncDisposable {
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #lines: string[] = [];
  readonly #reading: Promise<void>;
  #status: Deno.CommandStatus | undefined;

  private constructor(url: string, child: Deno.ChildProcess) {
    this.url = url;
    this.#child = child;
    this.#reading = this.#read();
    child.status.then((status) => this.#status = status);
  }

  /**
   * Starts the shop and waits until it answers.
   *
   * @param endpoint Where it sends its telemetry.
   * @param stopped Ends the wait.
   * @throws {Error} When it ends by itself, or does not answer in time.
   */
  static async start(endpoint: string, stopped: AbortSignal): Promise<Shop> {
    const port = freePort();
    const child = new Deno.Command("deno", {
      args: [...SHOP_ARGUMENTS],
      cwd: REPOSITORY,
      clearEnv: true,
      env: {
        ...passedOn(),
        ...INTERVALS,
        PORT: String(port),
        NO_COLOR: "1",
        OTEL_SERVICE_NAME: "shop",
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const shop = new Shop(`http://127.0.0.1:${port}`, child);
    try {
      await shop.#ready(stopped);
      return shop;
    } catch (error) {
      await shop[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Settles when the process has ended, whoever ended it. */
  async ended(): Promise<void> {
    await this.#child.status;
    await this.#reading;
  }

  /** The last that it wrote to standard error. */
  get lastWords(): string {
    return this.#lines.join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill("SIGTERM");
    const late = setTimeout(() => this.#kill("SIGKILL"), STOP_MILLIS);
    await this.ended();
    clearTimeout(late);
  }

  async #ready(stopped: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_MILLIS;
    while (performance.now() < deadline) {
      stopped.throwIfAborted();
      if (this.#status !== undefined) {
        await this.#reading;
        throw new Error(`The shop has ended with code ${this.#status.code}:\n${this.lastWords}`);
      }
      try {
        const answer = await fetch(`${this.url}/health`, { signal: stopped });
        await answer.body?.cancel();
        if (answer.ok) return;
      } catch {
        // It does not listen yet.
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
    throw new Error(`The shop does not answer at ${this.url}`);
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#lines.push(...chunk.split("\n").filter((line) => line !== ""));
      this.#lines.splice(0, this.#lines.length - KEPT_LINES);
    }
  }
}

/** The usual port where it is free, else any. */
function freePort(): number {
  for (const port of [USUAL_PORT, 0]) {
    try {
      using listener = Deno.listen({ hostname: "127.0.0.1", port });
      return listener.addr.port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("There is no free port");
}

function passedOn(): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = Deno.env.get(name);
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}
