import process from "node:process";
import { getHeapSpaceStatistics } from "node:v8";
import type { DelaySummary } from "./event_loop_delay.ts";
import { EventLoopDelay } from "./event_loop_delay.ts";
import type { InstrumentOptions, Observer } from "./metrics.ts";
import { observeMetric } from "./metric_observers.ts";
import type { ObservedKind } from "./metrics_registry.ts";

type HeapSpace = ReturnType<typeof getHeapSpaceStatistics>[number];

const HEAP_METRICS = [
  ["v8js.memory.heap.used", "space_used_size", "Heap memory in use"],
  ["v8js.memory.heap.space.size", "space_size", "Heap memory allocated"],
  [
    "v8js.memory.heap.space.available_size",
    "space_available_size",
    "Heap memory that can be used without allocating more",
  ],
  [
    "v8js.memory.heap.space.physical_size",
    "physical_space_size",
    "Physical memory that the heap takes",
  ],
] as const satisfies readonly (readonly [string, keyof HeapSpace, string])[];

const DELAY_METRICS = {
  min: "Least delay of the event loop in the last minute",
  max: "Greatest delay of the event loop in the last minute",
  mean: "Mean delay of the event loop in the last minute",
  stddev: "Standard deviation of the event loop's delay in the last minute",
  p50: "Median delay of the event loop in the last minute",
  p90: "90th percentile of the event loop's delay in the last minute",
  p99: "99th percentile of the event loop's delay in the last minute",
} as const satisfies Readonly<Record<keyof DelaySummary, string>>;

/**
 * Observes the process: its CPU time, its memory, how long it has run, the heap, and the delay of
 * the event loop. What Deno cannot measure is left out: its garbage collections are not told, and
 * its event loop's utilisation reads 0.
 *
 * @returns Ends it.
 *
 * @example
 * ```ts
 * import { observeRuntime } from "@echelon/framework/telemetry";
 *
 * const stop = observeRuntime();
 * stop();
 * ```
 */
export function observeRuntime(): () => void {
  const delay = new EventLoopDelay();
  delay.start();
  const ends = [...observeProcess(), ...observeHeap(), ...observeDelay(delay)];
  return () => {
    delay.stop();
    for (const end of ends) end();
  };
}

function observeProcess(): (() => void)[] {
  return [
    observed("observableCounter", "process.cpu.time", (observe) => {
      const { user, system } = process.cpuUsage();
      observe(user / 1e6, { "cpu.mode": "user" });
      observe(system / 1e6, { "cpu.mode": "system" });
    }, { unit: "s", description: "CPU time that the process has taken" }),
    observed("observableUpDownCounter", "process.memory.usage", (observe) => {
      observe(Deno.memoryUsage().rss);
    }, { unit: "By", description: "Physical memory in use" }),
    observed("observableGauge", "process.uptime", (observe) => {
      observe(process.uptime());
    }, { unit: "s", description: "How long the process has run" }),
  ];
}

function observeHeap(): (() => void)[] {
  return HEAP_METRICS.map(([name, field, description]) =>
    observed("observableUpDownCounter", name, (observe) => {
      for (const space of getHeapSpaceStatistics()) {
        // V8 lists spaces that it does not have, at 0.
        if (space.space_size === 0) continue;
        observe(space[field], { "v8js.heap.space.name": space.space_name });
      }
    }, { unit: "By", description })
  );
}

function observeDelay(delay: EventLoopDelay): (() => void)[] {
  return Object.entries(DELAY_METRICS).map(([statistic, description]) =>
    observed("observableGauge", `nodejs.eventloop.delay.${statistic}`, (observe) => {
      const summary = delay.summary();
      if (summary !== undefined) observe(summary[statistic as keyof DelaySummary]);
    }, { unit: "s", description })
  );
}

function observed(
  kind: ObservedKind,
  ...[name, observer, options]: [string, Observer, InstrumentOptions]
): () => void {
  return observeMetric({ kind, name }, observer, options);
}
