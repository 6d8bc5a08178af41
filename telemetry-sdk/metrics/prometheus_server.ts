import type { MetricsConfig } from "../config/metrics_schema.ts";
import type { Complete } from "../config/resolved.ts";
import type { PrometheusNaming, PrometheusReader } from "./prometheus.ts";
import { labelsAsTheyAre } from "./prometheus.ts";
import { familyName } from "./prometheus_names.ts";

/** The media type of the format that a {@linkcode PrometheusReader} writes. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const NAMING: PrometheusNaming = { family: familyName, labels: labelsAsTheyAre };

/** A server that a scraper asks for metrics. */
export interface PrometheusServer {
  /** Stops listening. */
  shutdown(): Promise<void>;
}

/**
 * Serves what a reader reads at `/metrics`, at an address of its own (metrics/sdk_exporters/prometheus.md).
 *
 * @param reader What is asked at each scrape.
 * @param address Where to listen; port 0 is a free one.
 * @param say Where to tell that the address cannot be had: the program runs without the server then.
 */
export function servePrometheus(
  reader: PrometheusReader,
  address: Complete<NonNullable<MetricsConfig["prometheus"]>>,
  say: (line: string) => void,
): PrometheusServer {
  const { host: hostname, port } = address;
  try {
    const server = Deno.serve({
      hostname,
      port,
      onListen: (at) => {
        if (port === 0) say(`metrics for Prometheus at http://${hostname}:${at.port}/metrics`);
      },
    }, (request) => answer(request, reader));
    // A program that has nothing else to do ends all the same.
    server.unref();
    return { shutdown: () => server.shutdown() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`cannot listen on ${hostname}:${port} for Prometheus: ${reason}`);
    return { shutdown: () => Promise.resolve() };
  }
}

async function answer(request: Request, reader: PrometheusReader): Promise<Response> {
  if (new URL(request.url).pathname !== "/metrics") return new Response(null, { status: 404 });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  try {
    const text = await reader.scrape(NAMING);
    return new Response(request.method === "HEAD" ? null : text, {
      headers: { "content-type": CONTENT_TYPE },
    });
  } catch {
    return new Response(null, { status: 503 });
  }
}
