import type { Attributes } from "@opentelemetry/api";

/** The types of families that instruments become. */
export type FamilyType = "counter" | "gauge" | "histogram";

/** What names a family. */
export interface FamilySubject {
  /** The instrument's name. */
  readonly name: string;
  /** The instrument's UCUM unit. */
  readonly unit: string;
  readonly type: FamilyType;
}

/** The labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

/** UCUM units as Prometheus writes them out. */
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
  TiBy: "tebibytes",
  KBy: "kilobytes",
  MBy: "megabytes",
  GBy: "gigabytes",
  TBy: "terabytes",
  m: "meters",
  V: "volts",
  A: "amperes",
  J: "joules",
  W: "watts",
  g: "grams",
  Cel: "celsius",
  Hz: "hertz",
  "%": "percent",
};

const PER_UNITS: Readonly<Record<string, string>> = {
  s: "second",
  m: "minute",
  min: "minute",
  h: "hour",
  d: "day",
  w: "week",
  wk: "week",
  mo: "month",
  y: "year",
  a: "year",
};

/**
 * The unit at the end of a family's name, or `""` for none. What stands in braces is no unit but a
 * word for the reader.
 *
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function prometheusUnit(unit: string, type: FamilyType): string {
  const plain = unit.replaceAll(/\{[^}]*\}/g, "").trim();
  if (plain === "1") return type === "gauge" ? "ratio" : "";
  const [main = "", per = ""] = plain.split("/", 2);
  const written = UNITS[main] ?? nameOf(main);
  return per === "" ? written : trimmed(`${written}_per_${PER_UNITS[per] ?? nameOf(per)}`);
}

/**
 * The name of the family that an instrument becomes, with its unit and without `_total`: that
 * belongs to a counter's samples.
 */
export function prometheusName({ name, unit, type }: FamilySubject): string {
  let base = nameOf(name);
  if (type === "counter") base = base.replace(/_total$/, "");
  if (base === "" || /^\d/.test(base)) base = `_${base}`;
  const suffix = prometheusUnit(unit, type);
  return suffix === "" || base === suffix || base.endsWith(`_${suffix}`)
    ? base
    : `${base}_${suffix}`;
}

/**
 * The labels that attributes become. Values of names that become one are joined by `;`, in the
 * order of the names; `le` is taken by the buckets of histograms.
 */
export function prometheusLabels(attributes: Attributes): Labels {
  const labels: Record<string, string> = {};
  for (const key of Object.keys(attributes).sort()) {
    const value = attributes[key];
    if (value === undefined) continue;
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    const label = labelOf(key);
    labels[label] = Object.hasOwn(labels, label) ? `${labels[label]};${text}` : text;
  }
  return labels;
}

function labelOf(key: string): string {
  const label = underscored(key);
  if (label === "" || /^\d/.test(label)) return `key_${label}`;
  return label === "le" ? "exported_le" : label;
}

function nameOf(text: string): string {
  return trimmed(underscored(text));
}

function underscored(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_]/g, "_").replaceAll(/_{2,}/g, "_");
}

function trimmed(text: string): string {
  return text.replaceAll(/^_+|_+$/g, "");
}
