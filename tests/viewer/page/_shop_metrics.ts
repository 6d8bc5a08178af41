import type { SentMetric, SentPoint, Values } from "./_otlp_json.ts";
import type { ShopRecorder } from "./_shop_recorder.ts";

const STEP_MILLIS = 10_000;
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** From when to when something is measured. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The metrics of the made-up shop: what its requests were, and what a process tells of itself. */
export function shopMetrics(shop: ShopRecorder, { from, to }: Span): SentMetric[] {
  const times: number[] = [];
  for (let time = from + STEP_MILLIS; time <= to; time += STEP_MILLIS) times.push(time);
  const points = (value: (time: number, i: number) => number, attributes: Values = {}) =>
    times.map((time, i): SentPoint => ({ start: from, time, attributes, value: value(time, i) }));
  const wave = (i: number, length: number) => Math.sin(i / length);
  const rising = (perStep: number) => {
    let total = 0;
    return () => total += Math.round(perStep * (0.5 + shop.random()));
  };
  return [
    requestDurations(shop, { from, to }, times),
    {
      name: "http.server.active_requests",
      unit: "{request}",
      description: "Number of active HTTP server requests",
      type: "upDownCounter",
      points: points((_, i) => Math.max(0, Math.round(3 + 2 * wave(i, 5) + 2 * shop.random()))),
    },
    {
      name: "echelon.cache.hits",
      unit: "{operation}",
      description: "Values found in a cache",
      type: "counter",
      points: [
        ...points(rising(46), { "cache.name": "catalogue", "cache.source": "memory" }),
        ...points(rising(9), { "cache.name": "catalogue", "cache.source": "kv" }),
      ],
    },
    {
      name: "echelon.cache.misses",
      unit: "{operation}",
      description: "Values not found in a cache",
      type: "counter",
      points: points(rising(6), { "cache.name": "catalogue" }),
    },
    {
      name: "echelon.jobs.processed",
      unit: "{job}",
      description: "Attempts at jobs",
      type: "counter",
      points: points(rising(12), { "job.queue": "shop", "job.name": "receipt.send" }),
    },
    {
      name: "echelon.jobs.failed",
      unit: "{job}",
      description: "Attempts at jobs that failed",
      type: "counter",
      points: points(rising(1), { "job.queue": "shop", "job.name": "receipt.send" }),
    },
    {
      name: "echelon.jobs.queued",
      unit: "{job}",
      description: "Jobs that wait",
      type: "gauge",
      points: points((_, i) => Math.max(0, Math.round(4 + 4 * wave(i, 9) + 3 * shop.random()))),
    },
    {
      name: "process.memory.usage",
      unit: "By",
      description: "The amount of physical memory in use",
      type: "upDownCounter",
      points: points((_, i) => 96e6 + (i % 14) * 1.3e6 + 4e6 * wave(i, 21)),
    },
    {
      name: "shop.orders.placed",
      unit: "{order}",
      description: "Orders placed",
      type: "counter",
      points: ["p3", "p7", "p12"].flatMap((product, i) =>
        points(rising(3 + i), { "shop.product": product })
      ),
    },
    ...pipelineMetrics(points, rising),
  ];
}

type Points = (value: (time: number, i: number) => number, attributes?: Values) => SentPoint[];

function pipelineMetrics(points: Points, rising: (perStep: number) => () => number): SentMetric[] {
  const of = (type: string): Values => ({
    "otel.component.type": type,
    "otel.component.name": `${type}/0`,
  });
  const spans = of("batching_span_processor");
  const logs = of("batching_log_processor");
  const counter = (name: string, unit: string, lists: SentPoint[][]): SentMetric => ({
    name,
    unit,
    type: "counter",
    points: lists.flat(),
  });
  const level = (name: string, unit: string, list: SentPoint[]): SentMetric => ({
    name,
    unit,
    type: "upDownCounter",
    points: list,
  });
  return [
    counter("otel.sdk.span.started", "{span}", [
      points(rising(260), { "otel.span.sampling_result": "RECORD_AND_SAMPLE" }),
    ]),
    level("otel.sdk.processor.span.queue.capacity", "{span}", points(() => 2048, spans)),
    level(
      "otel.sdk.processor.span.queue.size",
      "{span}",
      points((_, i) => 118 + (i * 37) % 64, spans),
    ),
    counter("otel.sdk.processor.span.processed", "{span}", [
      points(rising(258), spans),
      points((_, i) => i > 60 ? 41 : 0, { ...spans, "error.type": "queue_full" }),
    ]),
    counter("otel.sdk.exporter.span.exported", "{span}", [
      points(rising(258), of("otlp_http_span_exporter")),
    ]),
    level(
      "otel.sdk.exporter.span.inflight",
      "{span}",
      points(() => 0, of("otlp_http_span_exporter")),
    ),
    level("otel.sdk.processor.log.queue.capacity", "{log_record}", points(() => 2048, logs)),
    level("otel.sdk.processor.log.queue.size", "{log_record}", points((_, i) => i % 9, logs)),
    counter("otel.sdk.exporter.log.exported", "{log_record}", [
      points(rising(18), of("otlp_http_log_exporter")),
    ]),
    counter("otel.sdk.exporter.metric_data_point.exported", "{data_point}", [
      points(rising(64), of("otlp_http_metric_exporter")),
    ]),
  ];
}

function requestDurations(
  shop: ShopRecorder,
  { from }: Span,
  times: readonly number[],
): SentMetric {
  const groups = Map.groupBy(
    shop.requests,
    ({ method, route, status }) => `${method} ${route} ${status}`,
  );
  const points = [...groups.values()].flatMap((requests) => {
    const [first] = requests;
    if (first === undefined) return [];
    const attributes = {
      "http.request.method": first.method,
      "http.route": first.route,
      "http.response.status_code": first.status,
      "url.scheme": "https",
    };
    return times.map((time): SentPoint => {
      const until = requests.filter((request) => request.time <= time);
      const counts = new Array<number>(BOUNDS.length + 1).fill(0);
      let sum = 0;
      for (const { ms } of until) {
        const bucket = BOUNDS.findIndex((bound) => ms / 1000 <= bound);
        const place = bucket < 0 ? BOUNDS.length : bucket;
        counts[place] = (counts[place] ?? 0) + 1;
        sum += ms / 1000;
      }
      return { start: from, time, attributes, counts, sum };
    });
  });
  return {
    name: "http.server.request.duration",
    unit: "s",
    description: "Duration of HTTP server requests",
    type: "histogram",
    bounds: BOUNDS,
    points,
  };
}
