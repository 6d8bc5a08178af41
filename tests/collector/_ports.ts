/** The ports of one collector. */
export interface CollectorPorts {
  readonly OTLP_HTTP_PORT: string;
  readonly OTLP_GRPC_PORT: string;
  readonly HEALTH_PORT: string;
  readonly METRICS_PORT: string;
}

/** Ports that nobody listens on at the moment; somebody may before the collector does. */
export function freePorts(): CollectorPorts {
  const listeners = Array.from(
    { length: 4 },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const [http, grpc, health, metrics] = listeners.map(({ addr }) => String(addr.port));
  for (const listener of listeners) listener.close();
  return {
    OTLP_HTTP_PORT: http ?? "",
    OTLP_GRPC_PORT: grpc ?? "",
    HEALTH_PORT: health ?? "",
    METRICS_PORT: metrics ?? "",
  };
}
