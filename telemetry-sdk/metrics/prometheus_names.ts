import type { PrometheusType } from "./prometheus.ts";

/** UCUM units as Prometheus writes them out; others stand as they are. */
const UNITS: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  "%": "percent",
};

const PER_UNITS: Readonly<Record<string, string>> = {
  s: "second",
  min: "minute",
  h: "hour",
  d: "day",
};

/**
 * The name of the family that an instrument becomes, with its unit at the end
 * (compatibility/prometheus_and_openmetrics.md, "Metric Metadata").
 *
 * @param subject The instrument's name and unit, and what kind of family it becomes.
 */
export function familyName(
  { name, unit, type }: {
    readonly name: string;
    readonly unit: string;
    readonly type: PrometheusType;
  },
): string {
  const suffix = unitSuffix(unit, type);
  const base = clean(name);
  return suffix === "" || base.endsWith(`_${suffix}`) ? base : `${base}_${suffix}`;
}

function unitSuffix(unit: string, type: PrometheusType): string {
  // What stands in braces is no unit but a word for the reader.
  const plain = unit.replaceAll(/\{[^}]*\}/g, "").trim();
  if (plain === "1") return type === "gauge" ? "ratio" : "";
  const [main = "", per] = plain.split("/", 2);
  const written = UNITS[main] ?? clean(main);
  return per ? `${written}_per_${PER_UNITS[per] ?? clean(per)}` : written;
}

function clean(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9:]+/g, "_").replaceAll(/^_|_$/g, "");
}
