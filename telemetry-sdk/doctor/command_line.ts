import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { TelemetryConfig } from "../config/schema.ts";
import { writeLine } from "../lifecycle/write_line.ts";
import { examine } from "./examine.ts";
import { examinationText } from "./show.ts";

const USAGE = `Usage: doctor [--json] [--config FILE] [--timeout MILLIS]

Checks how telemetry is configured here, and sends one real span, metric and log record.

  --json            print the findings as JSON
  --config FILE     a module whose default export is the configuration in code
  --timeout MILLIS  the longest that one step may take; 10000 unless told
  --help            print this

Exit code: 0 without a problem, 1 with one, 2 when this command was used wrongly.`;

/** What the command was asked for. */
interface Request {
  readonly json: boolean;
  readonly config: TelemetryConfig;
  readonly limitMillis: number | undefined;
}

/**
 * Runs the command.
 *
 * @param args Its arguments.
 * @returns Its exit code.
 */
export async function runDoctor(args: readonly string[]): Promise<number> {
  let request: Request | undefined;
  try {
    request = await readRequest(args);
  } catch (error) {
    writeLine(Deno.stderr, `doctor: ${error instanceof Error ? error.message : error}`);
    writeLine(Deno.stderr, `\n${USAGE}`);
    return 2;
  }
  if (request === undefined) {
    writeLine(Deno.stdout, USAGE);
    return 0;
  }
  const { json, config, limitMillis } = request;
  const examination = await examine({
    config,
    ...(limitMillis !== undefined && { limitMillis }),
  });
  writeLine(
    Deno.stdout,
    json ? JSON.stringify(examination, null, 2) : examinationText(examination),
  );
  return examination.ok ? 0 : 1;
}

/** What is asked for; `undefined` where that is help. */
async function readRequest(args: readonly string[]): Promise<Request | undefined> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean" },
      config: { type: "string" },
      timeout: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return undefined;
  return {
    json: values.json ?? false,
    config: values.config === undefined ? {} : await loadModule(values.config),
    limitMillis: values.timeout === undefined ? undefined : readMillis(values.timeout),
  };
}

function readMillis(text: string): number {
  const millis = Number(text);
  if (Number.isSafeInteger(millis) && millis > 0) return millis;
  throw new RangeError(`Cannot wait "${text}" ms: expected a positive integer`);
}

async function loadModule(path: string): Promise<TelemetryConfig> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(path).href)
    .catch((cause) => {
      throw new Error(`Cannot load "${path}": ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    });
  const config = module.default;
  if (typeof config !== "object" || config === null) {
    throw new TypeError(`Expected the default export of "${path}" to be a configuration`);
  }
  // What stands in it is checked where it is loaded, as that of every program is.
  return config;
}
