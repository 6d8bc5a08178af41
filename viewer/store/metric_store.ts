import type { Attribute, MetricStorage } from "../api/model.ts";
import { createInstrument, type Instrument, instrumentKey } from "./instrument.ts";
import type { Batch, MetricRecord, PointRecord } from "../otlp/records.ts";
import type { Origins, StoredResource } from "./origins.ts";
import { Series } from "./series.ts";
import { OBJECT_BYTES, textBytes } from "./size.ts";

/** How much is kept of metrics. */
export interface MetricLimits {
  readonly maxBytes: number;
  /** The most series, over all instruments; 10,000 unless given. */
  readonly maxSeries?: number;
}

const MAX_SERIES = 10_000;
const MOST_POINTS = 360;
const LEAST_POINTS = 45;
/** A longer set of attributes is refused: no series is told apart by so much. */
const MAX_KEY = 16 * 1024;

/** Keeps what metrics say, with less detail the older it is. */
export class MetricStore {
  readonly #origins: Origins;
  readonly #maxBytes: number;
  readonly #maxSeries: number;
  readonly #byKey = new Map<string, Instrument>();
  readonly #byId = new Map<string, Instrument>();
  #maxPoints = MOST_POINTS;
  #seriesCount = 0;
  #bytes = 0;
  #received = 0;
  #evictedPoints = 0;
  #refusedPoints = 0;
  #owed = 0;

  constructor(origins: Origins, { maxBytes, maxSeries = MAX_SERIES }: MetricLimits) {
    this.#origins = origins;
    this.#maxBytes = maxBytes;
    this.#maxSeries = maxSeries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(id: string): Instrument | undefined {
    return this.#byId.get(id);
  }

  instruments(): Iterable<Instrument> {
    return this.#byKey.values();
  }

  /**
   * Takes points in.
   *
   * @param changed Hears of every instrument with a new point.
   * @returns How many points were refused because there are too many series.
   */
  add(
    { resource, scope, items }: Batch<MetricRecord>,
    changed: (instrument: Instrument) => void,
  ): number {
    const { origin: from, bytes } = this.#origins.resource(resource);
    // Who brings a resource in pays for it.
    this.#owed = bytes;
    const before = this.#refusedPoints;
    for (const metric of items) {
      const instrument = this.#instrumentOf(metric, from.service, scope.name);
      for (const point of metric.points) {
        this.#received++;
        if (this.#addPoint(instrument, metric, { point, from })) changed(instrument);
      }
      if (instrument.series.size === 0) this.#drop(instrument);
      this.#makeRoom();
    }
    return this.#refusedPoints - before;
  }

  state(): MetricStorage {
    let points = 0;
    for (const { series } of this.#byKey.values()) {
      for (const one of series.values()) points += one.points.length;
    }
    return {
      instruments: this.#byKey.size,
      series: this.#seriesCount,
      points,
      bytes: this.#bytes,
      received: this.#received,
      evictedPoints: this.#evictedPoints,
      refusedPoints: this.#refusedPoints,
    };
  }

  #instrumentOf(metric: MetricRecord, service: string, scope: string): Instrument {
    const key = instrumentKey(metric, service, scope);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const instrument = createInstrument(metric, service, scope);
    this.#byKey.set(key, instrument);
    this.#byId.set(instrument.id, instrument);
    return instrument;
  }

  #drop({ id, metric, service, scope }: Instrument): void {
    this.#byKey.delete(instrumentKey(metric, service, scope));
    this.#byId.delete(id);
  }

  #addPoint(
    instrument: Instrument,
    metric: MetricRecord,
    { point, from }: { readonly point: PointRecord; readonly from: StoredResource },
  ): boolean {
    const key = seriesKey(from, point.attributes);
    let series = instrument.series.get(key);
    if (series === undefined) {
      if (this.#seriesCount >= this.#maxSeries || key.length > MAX_KEY) {
        this.#refusedPoints++;
        return false;
      }
      series = new Series(point.attributes, from, OBJECT_BYTES + 3 * textBytes(key) + this.#owed);
      this.#owed = 0;
      instrument.series.set(key, series);
      this.#seriesCount++;
      this.#bytes += series.bytes;
    }
    const before = series.bytes;
    const gone = series.add(point, metric, this.#maxPoints);
    this.#bytes += series.bytes - before;
    this.#evictedPoints += Math.abs(gone);
    return gone >= 0;
  }

  /** First old detail goes, then whatever was not heard of for longest. */
  #makeRoom(): void {
    while (this.#bytes > this.#maxBytes && this.#maxPoints > LEAST_POINTS) {
      this.#maxPoints = Math.max(LEAST_POINTS, this.#maxPoints >> 1);
      for (const { series } of this.#byKey.values()) {
        for (const one of series.values()) {
          const before = one.bytes;
          while (one.points.length > this.#maxPoints) this.#evictedPoints += one.thin();
          this.#bytes += one.bytes - before;
        }
      }
    }
    if (this.#bytes > this.#maxBytes) this.#evictStalest();
  }

  /** Frees a tenth at once: to sort all series for each new point would be slow. */
  #evictStalest(): void {
    const all = [...this.#byKey.values()].flatMap((instrument) =>
      [...instrument.series].map(([key, series]) => ({ instrument, key, series }))
    );
    all.sort((a, b) => a.series.lastTime - b.series.lastTime);
    for (const { instrument, key, series } of all) {
      if (this.#bytes <= this.#maxBytes * 0.9) break;
      instrument.series.delete(key);
      this.#seriesCount--;
      this.#bytes -= series.bytes;
      this.#evictedPoints += series.points.length;
      if (instrument.series.size === 0) this.#drop(instrument);
    }
  }
}

function seriesKey(resource: StoredResource, attributes: readonly Attribute[]): string {
  const sorted = attributes.toSorted((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  return `${resource.id} ${JSON.stringify(sorted)}`;
}
