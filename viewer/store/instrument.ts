import type { MetricInstrument } from "../api/model.ts";
import type { MetricRecord } from "../otlp/records.ts";
import type { Series } from "./series.ts";

/** One instrument of one service, with its series. */
export interface Instrument {
  readonly id: string;
  readonly service: string;
  readonly scope: string;
  readonly metric: Omit<MetricRecord, "points">;
  readonly series: Map<string, Series>;
}

/** What tells an instrument from every other one. */
export function instrumentKey(
  { name, kind, unit }: Pick<MetricRecord, "name" | "kind" | "unit">,
  service: string,
  scope: string,
): string {
  return JSON.stringify([service, scope, name, kind, unit]);
}

/** An instrument without series yet. */
export function createInstrument(
  { points: _, ...metric }: MetricRecord,
  service: string,
  scope: string,
): Instrument {
  const id = idOf(instrumentKey(metric, service, scope));
  return { id, service, scope, metric, series: new Map() };
}

/** An instrument as the API shows it. */
export function describeInstrument(instrument: Instrument): MetricInstrument {
  const { id, service, scope, metric, series } = instrument;
  const keys = new Set<string>();
  let lastTime = 0;
  for (const one of series.values()) {
    lastTime = Math.max(lastTime, one.lastTime);
    if (keys.size < 64) { for (const { key } of one.attributes) keys.add(key); }
  }
  return {
    id,
    service,
    scope,
    name: metric.name,
    description: metric.description,
    unit: metric.unit,
    kind: metric.kind,
    temporality: metric.temporality,
    seriesCount: series.size,
    attributeKeys: [...keys].sort(),
    lastTime,
  };
}

/** FNV-1a from two starting points: the same instrument has the same address after a restart. */
function idOf(key: string): string {
  const hash = (start: number) => {
    let value = start;
    for (let i = 0; i < key.length; i++) {
      value = Math.imul(value ^ key.charCodeAt(i), 0x01000193);
    }
    return (value >>> 0).toString(16).padStart(8, "0");
  };
  return hash(0x811c9dc5) + hash(0x1b873593);
}
