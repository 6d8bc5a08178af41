import { join } from "node:path";
import type { Signal } from "../_otlp/schema.ts";
import { decodeTelemetry, type Telemetry } from "../_otlp/body.ts";

const SIGNALS: readonly Signal[] = ["traces", "metrics", "logs"];

/**
 * A configuration over otel-collector.yaml that writes to files what goes to Tempo, Prometheus and
 * Loki otherwise. YAML holds JSON.
 *
 * @param folder Where the files are.
 */
export function fileOutputs(folder: string): string {
  const exporters = SIGNALS.map((signal) => [`file/${signal}`, {
    path: outputPath(folder, signal),
    append: true,
    flush_interval: "50ms",
  }]);
  return JSON.stringify({
    exporters: Object.fromEntries(exporters),
    service: {
      pipelines: {
        "traces/sampled": { exporters: ["file/traces"] },
        metrics: { exporters: ["file/metrics"] },
        "metrics/spans": { exporters: ["file/metrics"] },
        logs: { exporters: ["file/logs"] },
      },
    },
  });
}

/** Everything of one signal that is in the files so far. */
export async function readOutput(folder: string, signal: Signal): Promise<Telemetry[]> {
  const lines = (await readOutputText(folder, signal)).split("\n");
  // The last one is empty, or is being written.
  lines.pop();
  const encoder = new TextEncoder();
  return lines.map((line) => decodeTelemetry(encoder.encode(line), signal, "json"));
}

/** The text of a signal's file; nothing before it is there. */
export async function readOutputText(folder: string, signal: Signal): Promise<string> {
  try {
    return await Deno.readTextFile(outputPath(folder, signal));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function outputPath(folder: string, signal: Signal): string {
  return join(folder, `${signal}.jsonl`);
}
