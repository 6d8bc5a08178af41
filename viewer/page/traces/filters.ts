import type { QueryValues } from "../state/address.ts";

/** How the list of traces is filtered; the names are those of the page's address and of the API. */
export interface TraceFilters {
  readonly q: string;
  readonly service: string;
  readonly route: string;
  readonly status: string;
  readonly minDurationMs: string;
  readonly attr: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** The filters that an address holds. */
export function readFilters(query: URLSearchParams): TraceFilters {
  const text = (name: string) => query.get(name) ?? "";
  return {
    q: text("q"),
    service: text("service"),
    route: text("route"),
    status: text("status"),
    minDurationMs: text("minDurationMs"),
    attr: query.getAll("attr").filter((attr) => attr !== ""),
    from: text("from"),
    to: text("to"),
  };
}

/** Whether anything is filtered out. */
export function isFiltered(filters: TraceFilters): boolean {
  return Object.values(filters).some((value) => value.length > 0);
}

/** What takes every filter away. */
export const NO_FILTERS: QueryValues = {
  q: "",
  service: "",
  route: "",
  status: "",
  minDurationMs: "",
  attr: [],
  from: "",
  to: "",
};

/**
 * Reads a duration as a person types it: `250`, `250ms`, `1.5 s`, `80us`.
 *
 * @returns Milliseconds as text; empty for nothing typed, `undefined` for what is no duration.
 */
export function readDuration(typed: string): string | undefined {
  const text = typed.trim();
  if (text === "") return "";
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|m|min)?$/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  const unit = match[2]?.toLowerCase() ?? "ms";
  const scale: Readonly<Record<string, number>> = {
    us: 0.001,
    "µs": 0.001,
    ms: 1,
    s: 1000,
    m: 60_000,
    min: 60_000,
  };
  const millis = Number(match[1]) * (scale[unit] ?? 1);
  return String(Number(millis.toPrecision(12)));
}
