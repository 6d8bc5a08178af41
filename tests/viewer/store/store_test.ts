import assert from "node:assert/strict";
import { Store } from "../../../viewer/store/store.ts";
import { id, logsRequest, metricsRequest, nanos, span, tracesRequest } from "../_viewer.ts";
import { decode } from "./_records.ts";

const MIB = 2 ** 20;

async function fill(store: Store, first: number, count: number, text = "x".repeat(2000)) {
  for (let i = first; i < first + count; i++) {
    const one = span({ traceId: id(i + 1, 32), spanId: id(i + 1), attributes: { text } });
    await store.add(await decode("traces", tracesRequest([one])));
  }
}

Deno.test("Store lets the oldest traces go when there is no room for a new one", async () => {
  const store = new Store({ maxBytes: MIB });
  await fill(store, 0, 1000);
  const state = store.traces.state();
  assert.ok(store.bytes <= MIB && store.bytes > MIB / 2, `${store.bytes}`);
  assert.equal(state.received, 1000);
  assert.equal(state.traces + state.evictedTraces, 1000);
  assert.equal(state.spans + state.evictedSpans, 1000);
  assert.equal(store.traces.get(id(1, 32)), undefined);
  assert.ok(store.traces.get(id(1000, 32)));
  const [[, newest] = []] = store.traces.backwards();
  assert.equal(newest?.traceId, id(1000, 32));
});

Deno.test("Store counts only what is beyond the bound of one trace", async () => {
  const store = new Store({ maxBytes: 64 * MIB, maxSpansPerTrace: 100 });
  const spans = Array.from(
    { length: 250 },
    (_, i) => span({ spanId: id(i + 1), at: i, status: 2 }),
  );
  await store.add(await decode("traces", tracesRequest(spans)));
  const [[, trace] = []] = store.traces.backwards();
  assert.equal(trace?.spans.length, 100);
  const summary = trace?.summary(0);
  assert.deepEqual(
    [summary?.spanCount, summary?.spansNotKept, summary?.errorCount, summary?.durationMs],
    [250, 150, 250, 259],
  );
  assert.equal(store.traces.state().spansNotKept, 150);
});

Deno.test("Store keeps one trace from taking all the room when its spans are large", async () => {
  const store = new Store({ maxBytes: MIB });
  const attributes = { text: "x".repeat(50_000) };
  const spans = Array.from({ length: 100 }, (_, i) => span({ spanId: id(i + 1), attributes }));
  await store.add(await decode("traces", tracesRequest(spans)));
  const { traces, spans: kept, spansNotKept } = store.traces.state();
  assert.equal(traces, 1);
  assert.ok(kept > 0 && kept < 10);
  assert.equal(kept + spansNotKept, 100);
});

Deno.test("Store pays for resources when each request brings another one", async () => {
  const store = new Store({ maxBytes: MIB });
  for (let i = 0; i < 200; i++) {
    const request = tracesRequest(
      [span({ traceId: id(i + 1, 32) })],
      `service ${i} ${"x".repeat(20_000)}`,
    );
    await store.add(await decode("traces", request));
  }
  const { traces, evictedTraces } = store.traces.state();
  assert.ok(traces < 40, `${traces}`);
  assert.equal(traces + evictedTraces, 200);
});

Deno.test("Store finds and forgets links when their traces come and go", async () => {
  const store = new Store({ maxBytes: MIB });
  const target = { traceId: id(7777, 32), spanId: id(7) };
  const linking = span({ traceId: id(9999, 32), spanId: id(9), links: [target] });
  await store.add(await decode("traces", tracesRequest([linking])));
  assert.deepEqual(store.traces.links.to(target.traceId), [
    { traceId: id(9999, 32), spanId: id(9), toSpanId: id(7) },
  ]);
  await fill(store, 0, 1000);
  assert.equal(store.traces.get(id(9999, 32)), undefined);
  assert.deepEqual(store.traces.links.to(target.traceId), []);
});

Deno.test("Store lets the oldest logs go, also from their traces", async () => {
  const store = new Store({ maxBytes: MIB });
  const traceId = id(1, 32);
  for (let i = 0; i < 500; i++) {
    const body = { stringValue: `${i} ${"ü".repeat(500)}` };
    const log = { timeUnixNano: nanos(i), body, traceId: i % 2 === 0 ? traceId : "" };
    await store.add(await decode("logs", logsRequest([log])));
  }
  const { logs, evicted, received, bytes } = store.logs.state();
  assert.equal(logs + evicted, received);
  assert.ok(evicted > 0 && bytes <= MIB * 0.15);
  const inTrace = [...store.logs.ofTrace(traceId)];
  assert.equal(inTrace.length, store.logs.countOf(traceId));
  assert.ok(inTrace.every(({ number }) => number >= evicted));
  assert.ok(Math.abs(inTrace.length - logs / 2) <= 1);
});

function gauge(name: string, at: number, series: number): object {
  const attributes = [{ key: "series", value: { intValue: series } }];
  const point = { timeUnixNano: nanos(at), asDouble: at, attributes };
  return { name, gauge: { dataPoints: [point] } };
}

Deno.test("Store thins out the older points when a series is long", async () => {
  const store = new Store({ maxBytes: 64 * MIB });
  for (let i = 0; i < 2000; i++) {
    await store.add(await decode("metrics", metricsRequest([gauge("load", i * 1000, 1)])));
  }
  const [instrument] = store.metrics.instruments();
  const [series] = instrument?.series.values() ?? [];
  const times = series?.points.map(({ time }) => time) ?? [];
  assert.ok(times.length <= 360 && times.length >= 180, `${times.length}`);
  assert.equal(times.at(-1), 1_700_000_000_000 + 1_999_000);
  assert.deepEqual(times.toSorted((a, b) => a - b), times);
  const { points, evictedPoints, received } = store.metrics.state();
  assert.equal(points + evictedPoints, received);
});

Deno.test("Store refuses new series when there are too many, and says how many points", async () => {
  const store = new Store({ maxBytes: 64 * MIB, maxSeries: 10 });
  const gauges = Array.from({ length: 25 }, (_, i) => gauge("load", 1, i));
  assert.equal(await store.add(await decode("metrics", metricsRequest(gauges))), 15);
  const { series, refusedPoints, points } = store.metrics.state();
  assert.deepEqual([series, refusedPoints, points], [10, 15, 10]);
});

Deno.test("Store keeps metrics within their share when there is always another series", async () => {
  const store = new Store({ maxBytes: MIB });
  for (let i = 0; i < 2000; i++) {
    await store.add(await decode("metrics", metricsRequest([gauge(`load ${i % 7}`, i, i)])));
  }
  const { bytes, points, evictedPoints, received } = store.metrics.state();
  assert.ok(bytes <= MIB * 0.15 && bytes > 0);
  assert.equal(points + evictedPoints, received);
});
