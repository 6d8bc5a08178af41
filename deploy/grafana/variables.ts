import type { Variable } from "./dashboard.ts";

/** Which service: Prometheus's `job`, which is service.namespace/service.name or the name alone. */
export const SERVICE: Variable = {
  name: "service",
  label: "Service",
  query: "label_values(process_uptime_seconds, job)",
};

/** Its service.name, as traces and logs have it. */
export const SERVICE_NAME: Variable = {
  name: "service_name",
  label: "Name",
  query: 'label_values(process_uptime_seconds{job="$service"}, job)',
  regex: "/([^/]+)$/",
  hidden: true,
};

/** Which of its processes. */
export const INSTANCE: Variable = {
  name: "instance",
  label: "Process",
  query: 'label_values(process_uptime_seconds{job="$service"}, instance)',
  several: true,
};

/** Which of its routes. */
export const ROUTE: Variable = {
  name: "route",
  label: "Route",
  query: 'label_values(http_server_request_duration_seconds_count{job="$service"}, http_route)',
  several: true,
};
