import { type Labels, prometheusUnit } from "./prometheus_names.ts";

/** One series of a counter or a gauge. */
export interface ValueSeries {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a histogram. */
export interface HistogramSeries {
  readonly labels: Labels;
  readonly sum: number;
  /** How many measurements fell into each bucket; the last one is that of `+Inf`. */
  readonly counts: readonly number[];
}

interface Described {
  /** The name as `prometheusName` makes it. */
  readonly name: string;
  readonly description: string;
  /** The UCUM unit. */
  readonly unit: string;
}

/** Every series of one name, as they stand at one time. */
export type MetricFamily =
  | Described & { readonly type: "counter" | "gauge"; readonly series: readonly ValueSeries[] }
  | Described & {
    readonly type: "histogram";
    /** The upper bounds of the buckets, without `+Inf`. */
    readonly bounds: readonly number[];
    readonly series: readonly HistogramSeries[];
  };

/** The forms in which metrics are served. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** The content types of the forms. */
export const EXPOSITION_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/**
 * Writes families as Prometheus reads them.
 *
 * @param families Each with at least one series, no two of one name.
 * @param format The text format 0.0.4, or OpenMetrics 1.0.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function writeExposition(
  families: readonly MetricFamily[],
  format: ExpositionFormat,
): string {
  const lines = families.flatMap((family) => familyLines(family, format));
  if (format === "openmetrics") lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}

function familyLines(family: MetricFamily, format: ExpositionFormat): string[] {
  const { name, type, description } = family;
  const open = format === "openmetrics";
  // 0.0.4 knows samples only, so that there a counter's family has the name of its samples.
  const described = type === "counter" && !open ? `${name}_total` : name;
  const lines: string[] = [];
  if (description !== "") {
    lines.push(`# HELP ${described} ${open ? quotable(description) : escaped(description)}`);
  }
  lines.push(`# TYPE ${described} ${type}`);
  const unit = prometheusUnit(family.unit, type);
  if (open && unit !== "") lines.push(`# UNIT ${name} ${unit}`);
  if (family.type === "histogram") {
    for (const series of family.series) {
      lines.push(...histogramLines(name, series, family.bounds.map((le) => bound(le, open))));
    }
  } else {
    const sample = type === "counter" ? `${name}_total` : name;
    for (const { labels, value } of family.series) {
      lines.push(`${sample}${labelSet(labels)} ${number(value)}`);
    }
  }
  return lines;
}

function histogramLines(
  name: string,
  { labels, sum, counts }: HistogramSeries,
  bounds: readonly string[],
): string[] {
  let count = 0;
  const buckets = counts.map((inBucket, index) => {
    count += inBucket;
    return `${name}_bucket${labelSet(labels, bounds[index] ?? "+Inf")} ${count}`;
  });
  const set = labelSet(labels);
  return [...buckets, `${name}_sum${set} ${number(sum)}`, `${name}_count${set} ${count}`];
}

function labelSet(labels: Labels, le?: string): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quotable(value)}"`);
  if (le !== undefined) pairs.push(`le="${le}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** OpenMetrics asks for bounds that always look the same: with a point, or an exponent. */
function bound(le: number, open: boolean): string {
  const text = number(le);
  return open && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function number(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function quotable(text: string): string {
  return escaped(text).replaceAll('"', '\\"');
}

/**
 * The form that a client prefers by its `Accept` header; the text format 0.0.4 where it does not
 * say.
 */
export function negotiateExposition(accept: string | null): ExpositionFormat {
  let open = 0;
  let text = 0;
  for (const range of (accept ?? "").split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const valueOf = (name: string) =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
    const version = valueOf("version");
    const quality = Number(valueOf("q") ?? 1);
    if (!(quality >= 0)) continue;
    if (type === "application/openmetrics-text" && (version ?? "1.0.0") === "1.0.0") {
      open = Math.max(open, quality);
    } else if (type === "text/plain" && (version ?? "0.0.4") === "0.0.4") {
      text = Math.max(text, quality);
    }
  }
  return open > 0 && open >= text ? "openmetrics" : "prometheus";
}
