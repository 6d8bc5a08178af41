import type { AttributeValue, Pipeline, PipelineDrop, Pipelines, PipelineSignal } from "./model.ts";
import type { StoredResource } from "../store/origins.ts";
import type { Series } from "../store/series.ts";
import type { Store } from "../store/store.ts";

/** What the metrics call a signal's items, and where in the answer it stands. */
const SIGNALS = { span: "traces", log: "logs", metric_data_point: "metrics" } as const;

/** Which number a metric tells. */
type Told =
  | "created"
  | "live"
  | "queueSize"
  | "queueCapacity"
  | "processed"
  | "inflight"
  | "exported"
  | "export-duration";

/** The parts of a metric's name around its signal, by what they tell. */
const METRICS: readonly (readonly [pattern: RegExp, told: Told])[] = [
  [/^otel\.sdk\.(span)\.started$/, "created"],
  [/^otel\.sdk\.(log)\.created$/, "created"],
  [/^otel\.sdk\.(span)\.live$/, "live"],
  [/^otel\.sdk\.processor\.(span|log)\.queue\.size$/, "queueSize"],
  [/^otel\.sdk\.processor\.(span|log)\.queue\.capacity$/, "queueCapacity"],
  [/^otel\.sdk\.processor\.(span|log)\.processed$/, "processed"],
  [/^otel\.sdk\.exporter\.(span|log|metric_data_point)\.inflight$/, "inflight"],
  [/^otel\.sdk\.exporter\.(span|log|metric_data_point)\.exported$/, "exported"],
  [/^otel\.sdk\.exporter\.operation\.duration$/, "export-duration"],
];

interface SignalCounts {
  readonly numbers: Map<Told, number>;
  readonly dropped: Map<string, PipelineDrop>;
  exports: number;
  exportSeconds: number;
}

/** `GET /api/pipeline`. */
export function pipelines(store: Store): Pipelines {
  const byResource = new Map<StoredResource, Counting>();
  for (const { metric, series } of store.metrics.instruments()) {
    for (const [pattern, told] of METRICS) {
      const match = pattern.exec(metric.name);
      if (match === null) continue;
      for (const one of series.values()) {
        let counting = byResource.get(one.resource);
        if (counting === undefined) {
          counting = new Counting();
          byResource.set(one.resource, counting);
        }
        counting.add(told, match[1], one);
      }
    }
  }
  const found = [...byResource].map(([resource, counting]): Pipeline => ({
    service: resource.service,
    ...(resource.instanceId !== undefined && { instanceId: resource.instanceId }),
    resourceId: resource.id,
    lastTime: counting.lastTime,
    signals: counting.signals(),
  }));
  return { pipelines: found.sort((a, b) => b.lastTime - a.lastTime) };
}

class Counting {
  lastTime = 0;
  readonly #signals = new Map<PipelineSignal["signal"], SignalCounts>();

  add(told: Told, item: string | undefined, series: Series): void {
    this.lastTime = Math.max(this.lastTime, series.lastTime);
    const value = series.last;
    if (value === undefined) return;
    const signal = item === undefined ? signalOf(series) : SIGNALS[item as keyof typeof SIGNALS];
    if (signal === undefined) return;
    const counts = this.#countsOf(signal);
    if (told === "export-duration") {
      if (value.type !== "histogram" && value.type !== "exponential") return;
      counts.exports += value.count;
      counts.exportSeconds += value.sum ?? 0;
      return;
    }
    if (value.type !== "number") return;
    const reason = series.attributes.find(({ key }) => key === "error.type")?.value;
    const lost = reason !== undefined && (told === "processed" || told === "exported");
    if (lost) {
      this.#addDrop(counts, told === "processed" ? "processor" : "exporter", {
        reason,
        count: value.number,
      });
    }
    if (lost && told === "exported") return;
    counts.numbers.set(told, (counts.numbers.get(told) ?? 0) + value.number);
  }

  signals(): PipelineSignal[] {
    return [...this.#signals].map(([signal, { numbers, dropped, exports, exportSeconds }]) => ({
      signal,
      ...this.#numbers(numbers),
      exported: numbers.get("exported") ?? 0,
      dropped: [...dropped.values()].sort((a, b) => b.count - a.count),
      ...(exports > 0 && { exportMeanMs: exportSeconds / exports * 1000 }),
    }));
  }

  #numbers(numbers: ReadonlyMap<Told, number>): Partial<PipelineSignal> {
    const known = [
      "created",
      "live",
      "queueSize",
      "queueCapacity",
      "processed",
      "inflight",
    ] as const;
    return Object.fromEntries(
      known.filter((told) => numbers.has(told)).map((told) => [told, numbers.get(told) ?? 0]),
    );
  }

  #addDrop(
    { dropped }: SignalCounts,
    where: PipelineDrop["where"],
    { reason, count }: { readonly reason: AttributeValue; readonly count: number },
  ): void {
    if (count === 0) return;
    const name = typeof reason === "string" ? reason : JSON.stringify(reason);
    const key = `${where} ${name}`;
    dropped.set(key, { where, reason: name, count: (dropped.get(key)?.count ?? 0) + count });
  }

  #countsOf(signal: PipelineSignal["signal"]): SignalCounts {
    let counts = this.#signals.get(signal);
    if (counts === undefined) {
      counts = { numbers: new Map(), dropped: new Map(), exports: 0, exportSeconds: 0 };
      this.#signals.set(signal, counts);
    }
    return counts;
  }
}

/** The duration of exports is one metric for all signals: the exporter's type says which. */
function signalOf({ attributes }: Series): PipelineSignal["signal"] | undefined {
  const type = attributes.find(({ key }) => key === "otel.component.type")?.value;
  if (typeof type !== "string") return undefined;
  if (type.includes("span")) return "traces";
  if (type.includes("log")) return "logs";
  return type.includes("metric") ? "metrics" : undefined;
}
