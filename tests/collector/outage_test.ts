import assert from "node:assert/strict";
import { exportTo, startService } from "../e2e/_service.ts";
import { startReceiver } from "../_otlp_receiver.ts";
import { type Collector, collectorTest, startCollector, until } from "./_collector.ts";
import { postCounter, postLogs, postSpans, traceId } from "./_posted.ts";

/** Requests without a pause, and what came of them. */
interface Load {
  readonly statuses: readonly number[];
  /** Waits for so many more answers. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

function startLoad(url: string): Load {
  const statuses: number[] = [];
  let stopped = false;
  const work = async () => {
    while (!stopped) {
      const response = await fetch(url);
      await response.body?.cancel();
      statuses.push(response.status);
    }
  };
  const workers = [work(), work()];
  return {
    statuses,
    async more(count) {
      const enough = statuses.length + count;
      await until(() => Promise.resolve(statuses.length >= enough));
    },
    async stop() {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

async function servedSpans(collector: Collector): Promise<number> {
  return (await collector.spans()).filter(({ name }) => name === "GET /products").length;
}

collectorTest(
  "the service outlives its collector, says so once, and goes on by itself",
  async () => {
    const env = { TAIL_PERCENT: "5" };
    await using first = await startCollector({ env });
    await using service = await startService("start:otel", {
      ...exportTo(first.url),
      // What cannot be sent is given up soon, so that it is told soon.
      OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
    });
    const load = startLoad(`${service.url}/products`);
    try {
      await until(
        async () => await servedSpans(first) > 0,
        () => Promise.resolve(`${load.statuses.length} answers\n${service.stderr.join("\n")}`),
      );
      const { code } = await first.process.stop();
      assert.equal(code, 0);
      await service.waitForLine(/export of spans to \S+ is failing/, { timeoutMillis: 60_000 });
      await load.more(200);
      const before = await servedSpans(first);

      await using second = await startCollector({ env, folder: first.folder, ports: first.ports });
      await service.waitForLine(/export of spans to \S+ works again/, { timeoutMillis: 60_000 });
      await load.more(200);
      await until(async () => await servedSpans(second) > before);
    } finally {
      await load.stop();
    }
    assert.deepEqual(new Set(load.statuses), new Set([200]));
    const told = service.stderr.filter((line) => /export of spans/.test(line));
    assert.equal(told.length, 2, told.join("\n"));
  },
);

collectorTest(
  "what a backend does not take is kept through a restart of the collector",
  async () => {
    let up = false;
    await using backend = startReceiver({
      respond: () => up ? undefined : new Response(null, { status: 503 }),
    });
    const env = {
      TAIL_PERCENT: "100",
      TEMPO_ENDPOINT: backend.url,
      PROMETHEUS_ENDPOINT: backend.url,
      LOKI_ENDPOINT: backend.url,
    };
    await using first = await startCollector({ shippedOutputs: true, env });
    await postSpans(first.url, [{ traceId: traceId(1), name: "kept" }]);
    await postLogs(first.url, [{ body: "kept" }]);
    await postCounter(first.url, "kept");
    const refused = (signal: string) =>
      backend.requests.some((request) => request.signal === signal);
    await backend.waitFor(() => refused("traces") && refused("metrics") && refused("logs"), {
      timeoutMillis: 60_000,
    });
    const { code } = await first.process.stop();
    assert.equal(code, 0);

    up = true;
    await using _second = await startCollector({
      shippedOutputs: true,
      env,
      folder: first.folder,
      ports: first.ports,
    });
    await backend.waitFor(
      (receiver) =>
        receiver.spans().some(({ name }) => name === "kept") &&
        receiver.logs().some(({ body }) => body === "kept") &&
        receiver.metrics().some(({ name }) => name === "kept"),
      { timeoutMillis: 60_000 },
    );
  },
);

collectorTest(
  "a collector that is told to stop decides first on the traces that wait",
  async () => {
    await using collector = await startCollector({ env: { TAIL_DECISION_WAIT: "10m" } });
    await postSpans(collector.url, [{ traceId: traceId(1), name: "failed", error: "no" }]);
    const { code } = await collector.process.stop();
    assert.equal(code, 0);
    assert.deepEqual((await collector.spans()).map(({ name }) => name), ["failed"]);
  },
);
