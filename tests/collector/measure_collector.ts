/**
 * Measures what docs/collector.md says of the collector's size. Not a test: it takes some minutes
 * and its figures are for a person to read.
 *
 *   deno run -A tests/collector/measure_collector.ts
 */
import { setTimeout } from "node:timers/promises";
import { type Collector, startCollector } from "./_collector.ts";
import { SPANS_IN_BATCH, traceBatches } from "./_load.ts";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const MIB = 1024 * 1024;

/** What a collector has done and needs at one moment. */
interface Reading {
  readonly cpuSeconds: number;
  readonly spans: number;
  readonly rss: number;
  readonly heap: number;
}

async function read(collector: Collector): Promise<Reading> {
  const text = await (await fetch(collector.metricsUrl)).text();
  const sum = (metric: string) =>
    [...text.matchAll(new RegExp(`^${metric}(?:\\{\\S*\\})? (\\S+)$`, "gm"))]
      .reduce((total, [, value]) => total + Number(value), 0);
  return {
    cpuSeconds: sum("otelcol_process_cpu_seconds(?:_total)?"),
    spans: sum("otelcol_receiver_accepted_spans(?:__spans_)?(?:_total)?"),
    rss: sum("otelcol_process_memory_rss(?:_bytes)?"),
    heap: sum("otelcol_process_runtime_heap_alloc_bytes"),
  };
}

/** Sends batches, as fast as they are taken or at a rate, until it is told to stop. */
function startLoad(url: string, spansPerSecond = Infinity): { stop(): Promise<void> } {
  const nextBatch = traceBatches();
  const begun = performance.now();
  let sent = 0;
  let stopped = false;
  const work = async () => {
    while (!stopped) {
      const early = sent / spansPerSecond * 1000 - (performance.now() - begun);
      sent += SPANS_IN_BATCH;
      if (early > 0) await setTimeout(early);
      const options = { method: "POST", headers: PROTOBUF, body: nextBatch() };
      const response = await fetch(`${url}/v1/traces`, options);
      await response.body?.cancel();
      if (!response.ok) throw new Error(`The collector answered ${response.status}`);
    }
  };
  const workers = Array.from({ length: 4 }, work);
  return {
    async stop() {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

async function pin(pid: number, core: number): Promise<void> {
  const args = ["-a", "-c", "-p", String(core), String(pid)];
  const { success } = await new Deno.Command("taskset", { args, stdout: "null" }).output();
  if (!success) throw new Error("taskset does not work here");
}

/** Starts the shipped configuration on one core, before backends that take everything. */
async function startPinned(
  env: Readonly<Record<string, string>>,
): Promise<Collector & { readonly backend: Deno.HttpServer<Deno.NetAddr> }> {
  const backend = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.arrayBuffer();
    return new Response(null);
  });
  const endpoint = `http://127.0.0.1:${backend.addr.port}`;
  const collector = await startCollector({
    shippedOutputs: true,
    env: {
      GOMAXPROCS: "1",
      TEMPO_ENDPOINT: endpoint,
      PROMETHEUS_ENDPOINT: endpoint,
      LOKI_ENDPOINT: endpoint,
      MEMORY_LIMIT_MIB: "8192",
      MEMORY_SPIKE_MIB: "1024",
      TAIL_NUM_TRACES: "1000000",
      TAIL_DECISION_WAIT: "10s",
      TAIL_PERCENT: "10",
      SPAN_METRICS_INTERVAL: "15s",
      ...env,
    },
  });
  await pin(collector.process.pid, 0);
  await pin(Deno.pid, 1);
  return { ...collector, backend };
}

async function withCollector<Result>(
  env: Readonly<Record<string, string>>,
  use: (collector: Collector) => Promise<Result>,
): Promise<Result> {
  const collector = await startPinned(env);
  try {
    return await use(collector);
  } finally {
    await collector[Symbol.asyncDispose]();
    await collector.backend.shutdown();
  }
}

async function measureThroughput(): Promise<string> {
  return await withCollector({}, async (collector) => {
    const load = startLoad(collector.url);
    // Until decisions are made as fast as traces come.
    await setTimeout(15_000);
    const before = await read(collector);
    await setTimeout(30_000);
    const after = await read(collector);
    await load.stop();
    const spans = after.spans - before.spans;
    const perCore = spans / (after.cpuSeconds - before.cpuSeconds);
    return `${Math.round(spans / 30)} spans/s taken, ${Math.round(perCore)} per second of CPU time`;
  });
}

/** The highest that it came to once decisions are being made. */
async function measureMemory(spansPerSecond: number, waitSeconds: number): Promise<string> {
  return await withCollector({ TAIL_DECISION_WAIT: `${waitSeconds}s` }, async (collector) => {
    const load = startLoad(collector.url, spansPerSecond);
    await setTimeout((waitSeconds + 5) * 1000);
    const readings: Reading[] = [];
    for (let second = 0; second < 15; second++) {
      readings.push(await read(collector));
      await setTimeout(1000);
    }
    await load.stop();
    const highest = (key: "rss" | "heap") =>
      Math.round(Math.max(...readings.map((reading) => reading[key])) / MIB);
    return `rss ${highest("rss")} MiB, heap ${highest("heap")} MiB`;
  });
}

function print(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

print(`one batch: ${traceBatches()().length} bytes for ${SPANS_IN_BATCH} spans`);
print(`as fast as it goes: ${await measureThroughput()}`);
for (const rate of [2000, 8000]) {
  for (const wait of [5, 10, 20]) {
    print(`${rate} spans/s, decision_wait ${wait} s: ${await measureMemory(rate, wait)}`);
  }
}
