import assert from "node:assert/strict";
import process from "node:process";
import { EventLoopDelay } from "../../../framework/telemetry/event_loop_delay.ts";
import { createMetrics } from "../../../framework/telemetry/otel_metrics_factory.ts";
import { observeRuntime } from "../../../framework/telemetry/runtime_metrics.ts";
import { inMemoryTelemetry, type ReceivedMetric } from "../../_telemetry.ts";

const BUSY_MILLIS = 30;

/** Keeps the event loop from everything else, and the processor at work. */
function block(millis: number): void {
  const end = performance.now() + millis;
  const before = process.cpuUsage();
  const busy = () => process.cpuUsage(before).user / 1_000;
  while (performance.now() < end || busy() < BUSY_MILLIS);
}

function valueOf(received: readonly ReceivedMetric[], name: string, label?: string): number {
  const metric = received.find((metric) => metric.name === name);
  const points = metric?.points.filter(({ attributes }) =>
    label === undefined || Object.values(attributes).includes(label)
  );
  assert.ok(points !== undefined && points.length > 0, `${name} was not told`);
  return points.reduce((sum, { value }) => sum + Number(value), 0);
}

Deno.test("observeRuntime() tells what the process and its heap do", async () => {
  using telemetry = inMemoryTelemetry();
  const stop = observeRuntime();
  createMetrics().recordCacheMiss("any");
  try {
    const before = await telemetry.metrics();
    const ballast = Array.from({ length: 500_000 }, (_, index) => ({ index }));
    block(150);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const after = await telemetry.metrics();
    const risen = (name: string, label?: string) =>
      valueOf(after, name, label) - valueOf(before, name, label);
    assert.equal(ballast.length, 500_000);
    assert.ok(risen("process.cpu.time", "user") >= BUSY_MILLIS / 1_000);
    assert.ok(risen("process.uptime") > 0.15);
    assert.ok(risen("v8js.memory.heap.used") > 4 * 1024 * 1024);
    assert.ok(valueOf(after, "process.memory.usage") > 20 * 1024 * 1024);
    assert.ok(
      valueOf(after, "v8js.memory.heap.space.size") >= valueOf(after, "v8js.memory.heap.used"),
    );
    assert.ok(valueOf(after, "v8js.memory.heap.space.physical_size") > 0);
    assert.ok(valueOf(after, "nodejs.eventloop.delay.max") > 0.1, "the block was not seen");
    assert.ok(
      valueOf(after, "nodejs.eventloop.delay.min") <= valueOf(after, "nodejs.eventloop.delay.p50"),
    );
    const cpu = after.find(({ name }) => name === "process.cpu.time");
    assert.deepEqual([cpu?.type, cpu?.monotonic, cpu?.unit], ["sum", true, "s"]);
    const heap = after.find(({ name }) => name === "v8js.memory.heap.used");
    assert.deepEqual([heap?.type, heap?.monotonic, heap?.unit], ["sum", false, "By"]);
  } finally {
    stop();
  }
});

Deno.test("EventLoopDelay.summary() tells the last minute's samples", () => {
  const delay = new EventLoopDelay();
  assert.equal(delay.summary(), undefined);
  for (let millis = 100; millis >= 1; millis--) delay.record(millis / 1_000);
  const { stddev, mean, ...summary } = delay.summary() ?? assert.fail();
  assert.deepEqual(summary, { min: 0.001, max: 0.1, p50: 0.05, p90: 0.09, p99: 0.099 });
  assert.ok(Math.abs(mean - 0.0505) < 1e-9);
  assert.ok(Math.abs(stddev - 0.028866) < 1e-6);
  for (let sample = 0; sample < 3_000; sample++) delay.record(1);
  assert.equal(delay.summary()?.min, 1);
});
