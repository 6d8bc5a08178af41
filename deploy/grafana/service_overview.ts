import type { Dashboard } from "./dashboard.ts";
import { quantile, rate } from "./queries.ts";
import { ROUTE, SERVICE, SERVICE_NAME } from "./variables.ts";

const REQUESTS = "http_server_request_duration_seconds";
const where = 'job="$service", http_route=~"$route"';
const failed = `${where}, http_response_status_code=~"5.."`;
const spans = 'job="$service", span_kind="SPAN_KIND_SERVER", http_route=~"$route"';
const service = 'job="$service"';

/** What the users of a service notice: rate, errors and duration by route, and what is behind. */
export const serviceOverview: Dashboard = {
  uid: "echelon-service",
  title: "Service",
  description: "Requests by route, what they wait for, and the way to their traces and logs",
  variables: [SERVICE, SERVICE_NAME, ROUTE],
  rows: [{
    height: 4,
    panels: [{
      title: "Requests",
      type: "stat",
      unit: "reqps",
      prometheus: [{ expr: rate(`${REQUESTS}_count{${where}}`) }],
    }, {
      title: "Failed",
      description: "The share that was answered with a 5xx",
      type: "stat",
      unit: "percentunit",
      red: 0.05,
      prometheus: [{
        expr: `(${rate(`${REQUESTS}_count{${failed}}`)} or vector(0)) / ${
          rate(`${REQUESTS}_count{${where}}`)
        }`,
      }],
    }, {
      title: "95 % are faster than",
      type: "stat",
      unit: "s",
      red: 1,
      prometheus: [{ expr: quantile(0.95, REQUESTS, { where }) }],
    }, {
      title: "In flight",
      type: "stat",
      unit: "short",
      prometheus: [{ expr: `sum(http_server_active_requests{${service}})` }],
    }],
  }, {
    title: "By route",
    height: 8,
    panels: [{
      title: "Requests",
      type: "timeseries",
      unit: "reqps",
      prometheus: [{
        expr: rate(`${REQUESTS}_count{${where}}`, "http_request_method, http_route"),
        legend: "{{http_request_method}} {{http_route}}",
      }],
    }, {
      title: "Failed requests",
      description: "By what they failed with: a class of exception, or the status alone",
      type: "timeseries",
      unit: "reqps",
      prometheus: [{
        expr: rate(`${REQUESTS}_count{${failed}}`, "http_request_method, http_route, error_type"),
        legend: "{{http_request_method}} {{http_route}}: {{error_type}}",
      }],
    }, {
      title: "95 % are faster than",
      description: "Each point is a request: click it to open its trace",
      type: "timeseries",
      unit: "s",
      red: 1,
      prometheus: [{
        expr: quantile(0.95, "traces_spanmetrics_latency", { where: spans, by: "span_name" }),
        legend: "{{span_name}}",
        exemplars: true,
      }],
    }],
  }, {
    height: 8,
    panels: [{
      title: "Durations",
      type: "heatmap",
      prometheus: [{
        expr: `sum by (le) (increase(${REQUESTS}_bucket{${where}}[$__rate_interval]))`,
        legend: "{{le}}",
        buckets: true,
      }],
    }, {
      title: "Quantiles",
      type: "timeseries",
      unit: "s",
      prometheus: [0.5, 0.95, 0.99].map((share) => ({
        expr: quantile(share, REQUESTS, { where }),
        legend: `${share * 100} %`,
      })),
    }, {
      title: "Responses",
      type: "timeseries",
      unit: "reqps",
      stacked: true,
      prometheus: [{
        expr: rate('echelon_http_requests_total{job="$service"}', "http_response_status_code"),
        legend: "{{http_response_status_code}}",
      }],
    }],
  }, {
    title: "What requests wait for",
    height: 8,
    panels: [{
      title: "Database operations",
      type: "timeseries",
      unit: "ops",
      prometheus: [{
        expr: rate(`echelon_db_operations_total{${service}}`, "db_operation_name, error_type"),
        legend: "{{db_operation_name}} {{error_type}}",
      }],
    }, {
      title: "95 % of them are faster than",
      type: "timeseries",
      unit: "s",
      prometheus: [{
        expr: quantile(0.95, "db_client_operation_duration_seconds", {
          where: service,
          by: "db_operation_name, db_collection_name",
        }),
        legend: "{{db_operation_name}} {{db_collection_name}}",
      }],
    }, {
      title: "Calls to others, by what came of them",
      description: "Spans of the kind CLIENT, counted before sampling",
      type: "timeseries",
      unit: "ops",
      prometheus: [{
        expr: rate(
          'traces_spanmetrics_calls_total{job="$service", span_kind="SPAN_KIND_CLIENT"}',
          "span_name, status_code",
        ),
        legend: "{{span_name}} {{status_code}}",
      }],
    }, {
      title: "Authentication",
      description: "A rise of the refused is somebody who guesses passwords",
      type: "timeseries",
      unit: "ops",
      prometheus: [{
        expr: rate(`echelon_auth_attempts_total{${service}}`, "auth_scheme, auth_operation"),
        legend: "{{auth_operation}} by {{auth_scheme}}",
      }, {
        expr: rate(`echelon_auth_failures_total{${service}}`, "auth_scheme, auth_operation"),
        legend: "{{auth_operation}} by {{auth_scheme}}, refused",
      }],
    }],
  }, {
    title: "Traces and logs",
    height: 9,
    panels: [{
      title: "Failed traces",
      type: "table",
      traceql: '{resource.service.name="$service_name" && status=error}',
    }, {
      title: "Slow traces",
      type: "table",
      traceql: '{resource.service.name="$service_name" && kind=server && duration>500ms}',
    }],
  }, {
    height: 10,
    panels: [{
      title: "Logs",
      type: "logs",
      logql: '{service_name="$service_name"}',
    }, {
      title: "Services",
      type: "nodeGraph",
      serviceGraph: true,
    }],
  }],
};
