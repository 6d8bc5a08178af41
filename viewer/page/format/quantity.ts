import { formatDuration } from "./duration.ts";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 4 });

/** A count, in full: `12,345`. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped.format(value) : "–";
}

/** A number where there is little room: `12K`, `0.0431`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value === Infinity ? "∞" : "–";
  return Math.abs(value) >= 10_000 ? compact.format(value) : exact.format(value);
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** An amount of memory: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return "–";
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)} ${
    BYTE_UNITS[unit]
  }`;
}

const MILLIS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
};

/**
 * A measured value in its unit, as UCUM names it: seconds become a duration, bytes an amount of
 * memory, and an annotation such as `{request}` is left away.
 */
export function formatMeasured(value: number, unit: string): string {
  const millis = MILLIS_PER_UNIT[unit];
  if (millis !== undefined) return formatDuration(value * millis);
  if (unit === "By") return formatBytes(value);
  if (unit === "1" || unit === "" || unit.startsWith("{")) return formatNumber(value);
  if (unit === "%") return `${formatNumber(value)} %`;
  return `${formatNumber(value)} ${unit}`;
}

/** A rate, per second or per minute, whichever reads better. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return "0 /s";
  return perSecond >= 1
    ? `${formatNumber(round2(perSecond))} /s`
    : `${formatNumber(round2(perSecond * 60))} /min`;
}

/** A share such as `0.5 %`; never rounded to nothing or to all. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "0 %";
  const percent = 100 * part / whole;
  if (percent < 0.1) return "< 0.1 %";
  if (percent > 99.9 && part < whole) return "> 99.9 %";
  return `${percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

function round2(value: number): number {
  return Number(value.toPrecision(3));
}
