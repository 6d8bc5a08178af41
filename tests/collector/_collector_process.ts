import { setTimeout } from "node:timers/promises";
import { Waiters } from "../_waiters.ts";

/** How long a collector may take to start on a busy machine. */
const START_MILLIS = 60_000;

/**
 * A collector says that it is ready a moment before it listens to signals, and nothing tells when it
 * does. One that comes in between kills it.
 */
const DEAF_MILLIS = 500;

/** A program that writes a log and goes on until it is told to end. */
export interface LoggingProcess extends AsyncDisposable {
  /** Every line that it wrote to stderr so far. */
  readonly lines: readonly string[];
  readonly pid: number;
  /** Waits for a line, written already or yet to come. */
  waitForLine(pattern: RegExp): Promise<void>;
  /** Tells it to end, and waits until it has. */
  stop(): Promise<Deno.CommandStatus>;
}

/**
 * Starts a program that reads nothing. It sees none of the test's environment.
 *
 * @param command The program and its arguments.
 * @param env Its whole environment.
 */
export function startLogging(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): LoggingProcess {
  const child = new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines: string[] = [];
  const waiters = new Waiters();
  let ended: Deno.CommandStatus | undefined;
  let readyAt = -Infinity;

  const read = async () => {
    let unfinished = "";
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      const parts = (unfinished + chunk).split("\n");
      unfinished = parts.pop() ?? "";
      lines.push(...parts);
      waiters.notify();
    }
    if (unfinished !== "") lines.push(unfinished);
  };
  const status = Promise.all([child.status, read()]).then(([status]) => {
    ended = status;
    waiters.notify();
    return status;
  });
  const end = async (signal: Deno.Signal) => {
    if (ended === undefined) {
      try {
        child.kill(signal);
      } catch (error) {
        // It may have ended by itself just now, with its last output still unread.
        if (!(error instanceof TypeError)) throw error;
      }
    }
    return await status;
  };
  return {
    lines,
    pid: child.pid,
    async waitForLine(pattern) {
      await waiters.until(() => {
        if (lines.some((line) => pattern.test(line))) return true;
        if (ended !== undefined) {
          throw new Error(`${program} has ended with code ${ended.code}\n${lines.join("\n")}`);
        }
        return undefined;
      }, {
        timeoutMillis: START_MILLIS,
        describe: () => `no line like ${pattern}\n${lines.join("\n")}`,
      });
      readyAt = performance.now();
    },
    async stop() {
      await setTimeout(Math.max(0, readyAt + DEAF_MILLIS - performance.now()));
      return await end("SIGTERM");
    },
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}
