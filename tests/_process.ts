import { setTimeout } from "node:timers/promises";
import { Waiters } from "./_waiters.ts";

/** What to start and with what around it. */
export interface ProcessOptions {
  /** The arguments of `deno`, from the subcommand on. */
  readonly args: readonly string[];
  /** The whole environment, but for what Deno itself needs to find its files. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string | URL;
  /**
   * The line that says the process is ready. Its first group, if it has one, is kept as the
   * process's `url`.
   */
  readonly ready?: RegExp;
}

/** How long a wait may take; 10 s unless given. */
export interface TimeoutOptions {
  readonly timeoutMillis?: number;
}

/** A running Deno process; disposing of it kills it and waits until it is gone. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** The first group of `ready`: the address that the process printed. */
  readonly url: string | undefined;
  /** Every line so far, of stdout and stderr together, in order of arrival. */
  readonly lines: readonly string[];
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** How the process ended, once it has and all that it wrote has been read. */
  readonly status: Promise<Deno.CommandStatus>;
  /**
   * Waits for a line, printed already or yet to come.
   *
   * @throws {Error} At the timeout, or when the process has ended without it.
   */
  waitForLine(
    pattern: RegExp,
    options?: TimeoutOptions,
  ): Promise<RegExpExecArray>;
  /**
   * Waits until an address answers, whatever the status.
   *
   * @throws {Error} At the timeout, or when the process has ended before.
   */
  waitForHttp(url: string, options?: TimeoutOptions): Promise<void>;
  /** Sends a signal, such as `SIGTERM`. */
  signal(name: Deno.Signal): void;
}

/** What a Deno process cannot do without: its cache, its home, and the programs it may start. */
const PASSED_ON = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR"];

/**
 * Starts a Deno process of the same version as the test's own. It sees none of the test's
 * environment, so that a variable of the developer's shell cannot change what is tested.
 *
 * ```ts
 * await using service = await startProcess({
 *   args: ["run", "-A", "main.ts"],
 *   env: { PORT: "0" },
 *   ready: /listening on (http:\S+)/i,
 * });
 * const response = await fetch(`${service.url}/`);
 * ```
 *
 * @throws {Error} When the line of `ready` does not come; the process is gone by then.
 */
export async function startProcess(
  options: ProcessOptions,
): Promise<RunningProcess> {
  const process = new DenoProcess(options);
  if (options.ready === undefined) return process;
  try {
    process.url = (await process.waitForLine(options.ready))[1];
    return process;
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

class DenoProcess implements RunningProcess {
  url: string | undefined;
  readonly lines: string[] = [];
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly status: Promise<Deno.CommandStatus>;
  readonly #command: string;
  readonly #child: Deno.ChildProcess;
  readonly #waiters = new Waiters();
  #ended: Deno.CommandStatus | undefined;

  constructor({ args, env = {}, cwd }: ProcessOptions) {
    this.#command = `deno ${args.join(" ")}`;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      env: { ...passedOn(), NO_COLOR: "1", ...env },
      clearEnv: true,
      ...(cwd !== undefined && { cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.status = this.#run();
  }

  get pid(): number {
    return this.#child.pid;
  }

  waitForLine(
    pattern: RegExp,
    { timeoutMillis }: TimeoutOptions = {},
  ): Promise<RegExpExecArray> {
    // A pattern with the flag "g" or "y" would remember where it stopped in another line.
    const stateless = new RegExp(
      pattern.source,
      pattern.flags.replace(/[gy]/g, ""),
    );
    let looked = 0;
    return this.#waiters.until(() => {
      while (looked < this.lines.length) {
        const match = stateless.exec(this.lines[looked++] ?? "");
        if (match !== null) return match;
      }
      this.#refuseEnded();
      return undefined;
    }, {
      timeoutMillis,
      describe: () => `no line like ${pattern}${this.#output()}`,
    });
  }

  async waitForHttp(
    url: string,
    { timeoutMillis = 10_000 }: TimeoutOptions = {},
  ): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMillis);
    while (true) {
      this.#refuseEnded();
      try {
        const response = await fetch(url, { signal: deadline });
        await response.body?.cancel();
        return;
      } catch (cause) {
        if (deadline.aborted) {
          throw new Error(`No answer from ${url}${this.#output()}`, { cause });
        }
      }
      await setTimeout(20);
    }
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended === undefined) {
      try {
        this.#child.kill("SIGKILL");
      } catch (error) {
        // It may have ended by itself just now, with its last output still unread.
        if (!(error instanceof TypeError)) throw error;
      }
    }
    await this.status;
  }

  async #run(): Promise<Deno.CommandStatus> {
    const [status] = await Promise.all([
      this.#child.status,
      this.#collect(this.#child.stdout, this.stdout),
      this.#collect(this.#child.stderr, this.stderr),
    ]);
    this.#ended = status;
    this.#waiters.notify();
    return status;
  }

  async #collect(
    stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    own: string[],
  ): Promise<void> {
    let unfinished = "";
    const take = (lines: readonly string[]) => {
      own.push(...lines);
      this.lines.push(...lines);
      this.#waiters.notify();
    };
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (unfinished + chunk).split("\n");
      unfinished = lines.pop() ?? "";
      take(lines);
    }
    if (unfinished !== "") take([unfinished]);
  }

  #refuseEnded(): void {
    if (this.#ended === undefined) return;
    const { code, signal } = this.#ended;
    throw new Error(
      `The process has ended with ${signal ?? `code ${code}`}${this.#output()}`,
    );
  }

  #output(): string {
    return `\n$ ${this.#command}\n${this.lines.join("\n")}`;
  }
}

function passedOn(): Record<string, string> {
  const found = PASSED_ON.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
