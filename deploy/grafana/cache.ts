import type { Dashboard } from "./dashboard.ts";
import { quantile, rate } from "./queries.ts";
import { SERVICE } from "./variables.ts";

const where = 'job="$service"';
const hits = rate(`echelon_cache_hits_total{${where}}`, "cache_name");
const misses = rate(`echelon_cache_misses_total{${where}}`, "cache_name");

/** Whether the caches are worth having. */
export const cache: Dashboard = {
  uid: "echelon-cache",
  title: "Cache",
  description: "Hits, misses, sizes and the time that look-ups take",
  variables: [SERVICE],
  rows: [{
    height: 9,
    panels: [{
      title: "Look-ups that a cache answers",
      type: "timeseries",
      unit: "percentunit",
      // A cache that was never hit has no hits at all, and one that never missed no misses.
      prometheus: [{
        expr:
          `(${hits} or 0 * ${misses}) / ((${hits} or 0 * ${misses}) + (${misses} or 0 * ${hits}))`,
        legend: "{{cache_name}}",
      }],
    }, {
      title: "Hits, by where they were found",
      type: "timeseries",
      unit: "ops",
      stacked: true,
      prometheus: [{
        expr: rate(`echelon_cache_hits_total{${where}}`, "cache_name, cache_source"),
        legend: "{{cache_name}} {{cache_source}}",
      }],
    }, {
      title: "Misses",
      type: "timeseries",
      unit: "ops",
      prometheus: [{ expr: misses, legend: "{{cache_name}}" }],
    }],
  }, {
    height: 9,
    panels: [{
      title: "Entries in memory",
      type: "timeseries",
      unit: "short",
      prometheus: [{
        expr: `sum by (cache_name, instance) (echelon_cache_size{${where}})`,
        legend: "{{cache_name}} {{instance}}",
      }],
    }, {
      title: "95 % of the operations take less than",
      description: "Each point is an operation: click it to open its trace",
      type: "timeseries",
      unit: "s",
      prometheus: [{
        expr: quantile(0.95, "traces_spanmetrics_latency", {
          where: `${where}, span_name=~"cache[.].+"`,
          by: "span_name",
        }),
        legend: "{{span_name}}",
        exemplars: true,
      }],
    }],
  }],
};
