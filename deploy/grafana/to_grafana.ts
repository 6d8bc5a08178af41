import type { Dashboard, Panel, PanelSource, Row, Variable } from "./dashboard.ts";

/** The sources as datasources.yaml names them. */
const PROMETHEUS = { type: "prometheus", uid: "prometheus" } as const;
const TEMPO = { type: "tempo", uid: "tempo" } as const;
const LOKI = { type: "loki", uid: "loki" } as const;

/** How many columns Grafana's grid has. */
const COLUMNS = 24;

/**
 * A dashboard as Grafana reads it.
 *
 * @param dashboard What is on it.
 * @returns An object for `JSON.stringify`.
 */
export function toGrafana(dashboard: Dashboard): Record<string, unknown> {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: ["echelon"],
    schemaVersion: 41,
    version: 1,
    editable: true,
    // A crosshair at the same time on every panel.
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    timezone: "browser",
    links: [{
      type: "dashboards",
      title: "Echelon",
      tags: ["echelon"],
      asDropdown: false,
      includeVars: true,
      keepTime: true,
    }],
    templating: { list: dashboard.variables.map(variable) },
    panels: placed(dashboard.rows),
  };
}

function variable({ name, label, query, regex, several, hidden }: Variable) {
  return {
    name,
    label,
    type: "query",
    datasource: PROMETHEUS,
    definition: query,
    query: { query, refId: name },
    regex: regex ?? "",
    refresh: 2,
    sort: 1,
    hide: hidden ? 2 : 0,
    multi: several ?? false,
    includeAll: several ?? false,
    // "All" is also a series that has no such label.
    ...(several && { allValue: ".*", current: { text: "All", value: "$__all" } }),
  };
}

function placed(rows: readonly Row[]): Record<string, unknown>[] {
  const panels: Record<string, unknown>[] = [];
  let y = 0;
  const place = (panel: Record<string, unknown>, { x = 0, w = COLUMNS, h = 1 }) =>
    panels.push({ id: panels.length + 1, gridPos: { x, y, w, h }, ...panel });
  for (const { title, height, panels: row } of rows) {
    if (title !== undefined) {
      place({ type: "row", title, collapsed: false, panels: [] }, {});
      y += 1;
    }
    const width = COLUMNS / row.length;
    row.forEach((panel, index) => place(toPanel(panel), { x: index * width, w: width, h: height }));
    y += height;
  }
  return panels;
}

function toPanel(panel: Panel): Record<string, unknown> {
  const { title, description, type, unit } = panel;
  return {
    title,
    ...(description !== undefined && { description }),
    type,
    ...sourceOf(panel),
    fieldConfig: {
      defaults: {
        ...(unit !== undefined && { unit, min: 0 }),
        ...(panel.red !== undefined && { thresholds: thresholds(panel.red) }),
        ...(type === "timeseries" && { custom: drawing(panel) }),
      },
      overrides: [],
    },
    options: optionsOf(panel),
  };
}

function sourceOf(panel: PanelSource): Record<string, unknown> {
  if ("prometheus" in panel) {
    return {
      datasource: PROMETHEUS,
      targets: panel.prometheus.map(({ expr, legend, exemplars, buckets }, index) => ({
        refId: String.fromCharCode("A".charCodeAt(0) + index),
        datasource: PROMETHEUS,
        editorMode: "code",
        expr,
        range: true,
        legendFormat: legend ?? "__auto",
        ...(exemplars && { exemplar: true }),
        ...(buckets && { format: "heatmap" }),
      })),
    };
  }
  if ("logql" in panel) return single(LOKI, { expr: panel.logql, queryType: "range" });
  if ("traceql" in panel) {
    const search = { query: panel.traceql, queryType: "traceql", tableType: "traces", limit: 20 };
    return single(TEMPO, search);
  }
  return single(TEMPO, { queryType: "serviceMap" });
}

function single(
  datasource: typeof TEMPO | typeof LOKI,
  query: Record<string, unknown>,
): Record<string, unknown> {
  return { datasource, targets: [{ refId: "A", datasource, ...query }] };
}

function thresholds(red: number): Record<string, unknown> {
  const steps = [{ color: "green", value: null }, { color: "red", value: red }];
  return { mode: "absolute", steps };
}

function drawing({ red, stacked }: Panel): Record<string, unknown> {
  return {
    lineWidth: 1,
    fillOpacity: stacked ? 40 : 8,
    showPoints: "never",
    ...(stacked && { stacking: { mode: "normal", group: "A" } }),
    ...(red !== undefined && { thresholdsStyle: { mode: "dashed" } }),
  };
}

function optionsOf({ type }: Panel): Record<string, unknown> {
  switch (type) {
    case "timeseries":
      return {
        legend: { displayMode: "list", placement: "bottom" },
        tooltip: { mode: "multi", sort: "desc" },
      };
    case "stat":
      return { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", graphMode: "area" };
    case "heatmap":
      return { calculate: false, yAxis: { unit: "s" }, color: { scheme: "Oranges", steps: 64 } };
    case "logs":
      return { showTime: true, wrapLogMessage: true, enableLogDetails: true };
    default:
      return {};
  }
}
