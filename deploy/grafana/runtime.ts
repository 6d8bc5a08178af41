import type { Dashboard } from "./dashboard.ts";
import { rate } from "./queries.ts";
import { INSTANCE, SERVICE } from "./variables.ts";

const where = 'job="$service", instance=~"$instance"';

/** What the processes of a service use, and whether they come to do what they should. */
export const runtime: Dashboard = {
  uid: "echelon-runtime",
  title: "Runtime",
  description: "Processor, memory and event loop of each process",
  variables: [SERVICE, INSTANCE],
  rows: [{
    height: 4,
    panels: [{
      title: "Processes",
      type: "stat",
      unit: "short",
      prometheus: [{ expr: `count(process_uptime_seconds{${where}})` }],
    }, {
      title: "The youngest runs since",
      description: "It falls at each restart",
      type: "stat",
      unit: "s",
      prometheus: [{ expr: `min(process_uptime_seconds{${where}})` }],
    }, {
      title: "Processors in use",
      type: "stat",
      unit: "short",
      prometheus: [{ expr: rate(`process_cpu_time_seconds_total{${where}}`) }],
    }, {
      title: "Memory",
      type: "stat",
      unit: "bytes",
      prometheus: [{ expr: `sum(process_memory_usage_bytes{${where}})` }],
    }],
  }, {
    height: 9,
    panels: [{
      title: "Processor time",
      description: "Seconds in a second: JavaScript alone uses one processor at most",
      type: "timeseries",
      unit: "short",
      prometheus: [{
        expr: rate(`process_cpu_time_seconds_total{${where}}`, "instance, cpu_mode"),
        legend: "{{instance}} {{cpu_mode}}",
      }],
    }, {
      title: "Event loop delay",
      description:
        "How late a timer fires, over the last minute. Above a quarter of a second, something computes without a pause.",
      type: "timeseries",
      unit: "s",
      red: 0.25,
      prometheus: (["p50", "p90", "p99", "max"] as const).map((name) => ({
        expr: `max by (instance) (nodejs_eventloop_delay_${name}_seconds{${where}})`,
        legend: `{{instance}} ${name}`,
      })),
    }],
  }, {
    height: 9,
    panels: [{
      title: "Memory of the process",
      type: "timeseries",
      unit: "bytes",
      prometheus: [{
        expr: `sum by (instance) (process_memory_usage_bytes{${where}})`,
        legend: "{{instance}}",
      }],
    }, {
      title: "Heap in use, by space",
      description: "A leak is an old_space that rises from day to day",
      type: "timeseries",
      unit: "bytes",
      stacked: true,
      prometheus: [{
        expr: `sum by (v8js_heap_space_name) (v8js_memory_heap_used_bytes{${where}})`,
        legend: "{{v8js_heap_space_name}}",
      }],
    }, {
      title: "Heap in use and reserved",
      type: "timeseries",
      unit: "bytes",
      prometheus: [{
        expr: `sum by (instance) (v8js_memory_heap_used_bytes{${where}})`,
        legend: "{{instance}} in use",
      }, {
        expr: `sum by (instance) (v8js_memory_heap_space_size_bytes{${where}})`,
        legend: "{{instance}} reserved",
      }],
    }],
  }, {
    height: 8,
    panels: [{
      title: "Open requests",
      description: "Streams included; a shutdown waits for them",
      type: "timeseries",
      unit: "short",
      prometheus: [{
        expr: `sum by (instance) (echelon_http_open_requests{${where}})`,
        legend: "{{instance}}",
      }],
    }],
  }],
};
