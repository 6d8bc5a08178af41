import assert from "node:assert/strict";
import { collectorTest } from "./_collector.ts";
import { startLogging } from "./_collector_process.ts";

const installed = await new Deno.Command("prometheus", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

/** Defines a test that is skipped, and says so, where there is no Prometheus or no collector. */
export function prometheusTest(name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  if (installed) return collectorTest(name, fn);
  const reason = "skipped: Prometheus is not there, Debian's package is called prometheus";
  Deno.test({ name: `${name} (${reason})`, ignore: true, fn });
}

/** One series of an answer, with its latest value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A running Prometheus; disposing of it kills it and removes its data. */
export interface Prometheus extends AsyncDisposable {
  /** What a query gives now. */
  query(query: string): Promise<Series[]>;
  /** The labels of what a selector selects. */
  labels(selector: string): Promise<string[]>;
  /** The traces that stand for points of a query's metrics. */
  exemplars(query: string): Promise<Readonly<Record<string, string>>[]>;
}

/**
 * Starts the real Prometheus, which scrapes every second.
 *
 * @param targets What it scrapes, by the name of the job: each host and port. The series of
 * `services` say by themselves which job and instance they are of.
 */
export async function startPrometheus(
  targets: Readonly<Record<string, string>>,
): Promise<Prometheus> {
  const folder = await Deno.makeTempDir({ prefix: "echelon-prometheus-" });
  try {
    const config = {
      global: { scrape_interval: "1s" },
      scrape_configs: Object.entries(targets).map(([name, target]) => ({
        job_name: name,
        honor_labels: name === "services",
        static_configs: [{ targets: [target] }],
      })),
    };
    await Deno.writeTextFile(`${folder}/prometheus.yaml`, JSON.stringify(config));
    return await start(folder);
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function start(folder: string): Promise<Prometheus> {
  const port = freePort();
  const process = startLogging(["prometheus", ...[
    `--config.file=${folder}/prometheus.yaml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--enable-feature=exemplar-storage",
  ]], { PATH: Deno.env.get("PATH") ?? "" });
  try {
    await process.waitForLine(/Server is ready/);
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
  const ask = async (path: string, parameters: Record<string, string>) => {
    const url = new URL(`http://127.0.0.1:${port}/api/v1/${path}`);
    url.search = String(new URLSearchParams(parameters));
    const { status, data, error } = await (await fetch(url)).json();
    assert.equal(status, "success", `${url}: ${error}`);
    return data;
  };
  return {
    async query(query) {
      const { result }: {
        readonly result: readonly {
          readonly metric: Series["metric"];
          readonly value: readonly [number, string];
        }[];
      } = await ask("query", { query });
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    labels: (selector) => ask("labels", { "match[]": selector }),
    async exemplars(query) {
      const seconds = Date.now() / 1000;
      const found: readonly {
        readonly exemplars: readonly { labels: Record<string, string> }[];
      }[] = await ask("query_exemplars", {
        query,
        start: String(seconds - 3600),
        end: String(seconds + 60),
      });
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A port that nobody listens on at the moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
