import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cachedCollector } from "../../deploy/collector/collector_cache.ts";
import type { ReceivedLog, ReceivedMetric, ReceivedSpan } from "../_otlp_receiver.ts";
import { type LoggingProcess, startLogging } from "./_collector_process.ts";
import { fileOutputs, readOutput, readOutputText } from "./_file_outputs.ts";
import { type CollectorPorts, freePorts } from "./_ports.ts";

const root = new URL("../../", import.meta.url);
const program = await cachedCollector();

/** How to start a collector; without options, otel-collector.yaml with files for its outputs. */
export interface CollectorOptions {
  /** Configurations, each over those before it: paths from the repository's root, or `yaml:…`. */
  readonly configs?: readonly string[];
  /** Variables, those of the tests' own (short waits, no share of what is neither bad nor slow). */
  readonly env?: Readonly<Record<string, string>>;
  /** Leaves the outputs as the configuration has them. */
  readonly shippedOutputs?: boolean;
  /** That of a collector before, to go on where it stopped. */
  readonly folder?: string;
  /** Those of a collector before, to stand in its place. */
  readonly ports?: CollectorPorts;
}

/** A running collector; disposing of it kills it and, if it is its own, removes its folder. */
export interface Collector extends AsyncDisposable {
  /** Where it takes OTLP over HTTP. */
  readonly url: string;
  /** Where it says that it is well. */
  readonly healthUrl: string;
  /** Where its own metrics are. */
  readonly metricsUrl: string;
  readonly ports: CollectorPorts;
  readonly folder: string;
  readonly process: LoggingProcess;
  /** What its files hold by now. */
  spans(): Promise<ReceivedSpan[]>;
  metrics(): Promise<ReceivedMetric[]>;
  logs(): Promise<ReceivedLog[]>;
  /** The files' text, of all signals together. */
  outputText(): Promise<string>;
}

/** Defines a test that is skipped, and says so, where there is no collector. */
export function collectorTest(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  const reason = `skipped: no collector is there, "deno task collector" gets one`;
  Deno.test({
    name: program === undefined ? `${name} (${reason})` : name,
    ignore: program === undefined,
    fn,
  });
}

/** The command that runs the collector. */
export function collectorCommand(
  subcommand: readonly string[],
  configs: readonly string[],
): [string, ...string[]] {
  if (program === undefined) throw new Error("There is no collector");
  const paths = configs.map((path) =>
    path.includes(":") ? path : fileURLToPath(new URL(path, root))
  );
  return [program, ...subcommand, ...paths.flatMap((path) => ["--config", path])];
}

/**
 * Starts the real collector and waits until it is ready.
 *
 * ```ts
 * await using collector = await startCollector({ env: { TAIL_PERCENT: "100" } });
 * // … export to collector.url …
 * await until(async () => (await collector.spans()).length === 3);
 * ```
 */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const folder = options.folder ?? await Deno.makeTempDir({ prefix: "echelon-collector-" });
  try {
    return await startIn(folder, options);
  } catch (error) {
    if (options.folder === undefined) await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function startIn(folder: string, options: CollectorOptions): Promise<Collector> {
  for (let attempt = 1;; attempt++) {
    const ports = options.ports ?? freePorts();
    const process = startLogging(command(folder, options), environment(folder, ports, options));
    try {
      await process.waitForLine(/Everything is ready/);
      return running({ folder, ports, process, ownsFolder: options.folder === undefined });
    } catch (error) {
      await process[Symbol.asyncDispose]();
      const taken = String(error).includes("address already in use");
      if (options.ports !== undefined || !taken || attempt === 5) throw error;
    }
  }
}

function command(
  folder: string,
  { configs = ["otel-collector.yaml"], shippedOutputs = false }: CollectorOptions,
): [string, ...string[]] {
  const outputs = shippedOutputs ? [] : [`yaml:${fileOutputs(folder)}`];
  return collectorCommand([], [...configs, ...outputs]);
}

function environment(
  folder: string,
  ports: CollectorPorts,
  { env = {} }: CollectorOptions,
): Record<string, string> {
  return {
    STORAGE_DIR: `${folder}/storage`,
    TAIL_DECISION_WAIT: "2s",
    TAIL_PERCENT: "0",
    TAIL_PROBES_PERCENT: "0",
    SPAN_METRICS_INTERVAL: "200ms",
    ...ports,
    ...env,
  };
}

function running(
  { folder, ports, process, ownsFolder }:
    & Pick<Collector, "folder" | "ports" | "process">
    & { readonly ownsFolder: boolean },
): Collector {
  return {
    url: `http://127.0.0.1:${ports.OTLP_HTTP_PORT}`,
    healthUrl: `http://127.0.0.1:${ports.HEALTH_PORT}/`,
    metricsUrl: `http://127.0.0.1:${ports.METRICS_PORT}/metrics`,
    folder,
    ports,
    process,
    spans: async () => (await readOutput(folder, "traces")).flatMap(({ spans }) => spans),
    metrics: async () => (await readOutput(folder, "metrics")).flatMap(({ metrics }) => metrics),
    logs: async () => (await readOutput(folder, "logs")).flatMap(({ logs }) => logs),
    async outputText() {
      const texts = (["traces", "metrics", "logs"] as const).map((signal) =>
        readOutputText(folder, signal)
      );
      return (await Promise.all(texts)).join("");
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      if (ownsFolder) await Deno.remove(folder, { recursive: true });
    },
  };
}

/**
 * Asks again and again until the answer is yes: files and other processes tell nobody that they
 * have changed.
 *
 * @param holds What is asked.
 * @param describe What to say when it was in vain.
 * @throws {Error} After a minute.
 */
export async function until(
  holds: () => Promise<boolean>,
  describe: () => Promise<string> = () => Promise.resolve("the condition does not hold"),
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`Nothing after 60 s: ${await describe()}`);
    await setTimeout(50);
  }
}
