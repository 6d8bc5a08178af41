import { type OtlpReceiver, type ReceiverOptions, startReceiver } from "../_otlp_receiver.ts";
import { type Collector, startCollector } from "./_collector.ts";
import { freePort, type Prometheus, startPrometheus } from "./_prometheus.ts";

/** A collector with what is behind it; disposing of it ends all of it. */
export interface Backends extends AsyncDisposable {
  readonly collector: Collector;
  /** Has what the collector scrapes together: the services' metrics and its own. */
  readonly prometheus: Prometheus;
  /** Stands for Tempo and Loki, and takes the metrics that the collector pushes as well. */
  readonly receiver: OtlpReceiver;
}

/**
 * Starts otel-collector.yaml with its outputs as they are shipped, led to a receiver, and with one
 * output beside them that a real Prometheus scrapes.
 *
 * @param options How the receiver misbehaves.
 */
export async function startBackends(options: ReceiverOptions = {}): Promise<Backends> {
  await using started = new AsyncDisposableStack();
  const receiver = started.use(startReceiver(options));
  const endpoint = `127.0.0.1:${freePort()}`;
  const output = {
    exporters: {
      prometheus: {
        endpoint,
        // Exemplars are part of this format only.
        enable_open_metrics: true,
        resource_to_telemetry_conversion: { enabled: true },
      },
    },
    service: {
      pipelines: {
        metrics: { exporters: ["otlp_http/prometheus", "prometheus"] },
        "metrics/spans": { exporters: ["otlp_http/prometheus", "prometheus"] },
      },
    },
  };
  const collector = started.use(
    await startCollector({
      configs: ["otel-collector.yaml", `yaml:${JSON.stringify(output)}`],
      shippedOutputs: true,
      env: {
        TEMPO_ENDPOINT: receiver.url,
        PROMETHEUS_ENDPOINT: receiver.url,
        LOKI_ENDPOINT: receiver.url,
        TAIL_PERCENT: "100",
        TAIL_DECISION_WAIT: "1s",
        // Above the time between two scrapes: exemplars are in one flush only.
        SPAN_METRICS_INTERVAL: "2s",
      },
    }),
  );
  const prometheus = started.use(
    await startPrometheus({ services: endpoint, otelcol: new URL(collector.metricsUrl).host }),
  );
  const kept = started.move();
  return {
    collector,
    prometheus,
    receiver,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
