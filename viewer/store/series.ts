import type { Attribute } from "../api/model.ts";
import type { ExemplarRecord, MetricRecord, PointRecord } from "../otlp/records.ts";
import { aggregateOf, type StoredValue } from "./aggregates.ts";
import { withinBuckets } from "./exponential.ts";
import type { StoredResource } from "./origins.ts";
import { OBJECT_BYTES } from "./size.ts";

/** A total at a time. */
export interface StoredPoint {
  readonly time: number;
  readonly value: StoredValue;
}

const MAX_EXEMPLARS = 20;
const EXEMPLAR_BYTES = 180;
/** A first point that covers more than this says nothing about now: it is only a place to start. */
const FRESH_MILLIS = 5 * 60_000;

/** Clocks that differ by more than this are wrong. */
const MOST_AHEAD_MILLIS = 60 * 60_000;

/**
 * One series of a metric. Whatever the sender counts from, totals since the series was first seen
 * are kept: so a point can be left out without anything being lost but detail.
 */
export class Series {
  readonly attributes: readonly Attribute[];
  readonly resource: StoredResource;
  /** By time. */
  points: StoredPoint[] = [];
  exemplars: readonly ExemplarRecord[] = [];
  /** What came before the first point; undefined where that is not known. */
  base: StoredPoint | undefined;
  bytes = 0;
  readonly #ownBytes: number;
  #lastRaw: StoredValue | undefined;
  #lastStart = 0;
  /** What a sender had counted before it began anew. */
  #offset: StoredValue | undefined;

  constructor(attributes: readonly Attribute[], resource: StoredResource, chargedBytes: number) {
    this.attributes = attributes;
    this.resource = resource;
    this.#ownBytes = 5 * OBJECT_BYTES + chargedBytes;
    this.bytes = this.#ownBytes;
  }

  get lastTime(): number {
    return this.points.at(-1)?.time ?? 0;
  }

  /** The newest total. */
  get last(): StoredValue | undefined {
    return this.points.at(-1)?.value;
  }

  /**
   * Takes a point in.
   *
   * @returns How many points had to go for it; -1 when it was refused, being no newer than the last.
   */
  add(point: PointRecord, metric: MetricRecord, maxPoints: number): number {
    let gone = 0;
    if (point.time <= this.lastTime) {
      if (this.lastTime <= Date.now() + MOST_AHEAD_MILLIS) return -1;
      // One point dated years ahead would keep every right one out until then.
      gone += this.points.length;
      this.#beginAnew();
    }
    const value = bounded(point.value);
    if (this.#lastRaw !== undefined && !fit(this.#lastRaw, value)) {
      gone += this.points.length;
      this.#beginAnew();
    }
    if (this.points.length === 0 && this.base === undefined) this.#setBase(point, value, metric);
    const total = this.#total(point, value, metric);
    this.#lastRaw = value;
    this.#lastStart = point.start;
    this.points.push({ time: point.time, value: total });
    this.bytes += aggregateOf(total).bytes(total);
    if (point.exemplars.length > 0) this.#addExemplars(point.exemplars);
    return gone + (this.points.length > maxPoints ? this.thin() : 0);
  }

  /** Leaves out every second point of the older half. */
  thin(): number {
    const half = this.points.length >> 1;
    const before = this.points.length;
    this.points = this.points.filter((_, i) => i >= half || i % 2 === 1);
    this.#measure();
    return before - this.points.length;
  }

  #total(point: PointRecord, value: StoredValue, { temporality, kind }: MetricRecord): StoredValue {
    const aggregate = aggregateOf(value);
    const last = this.last;
    if (temporality === "delta") return last === undefined ? value : aggregate.add(value, last);
    const isTotal = kind === "counter" || kind === "histogram" || kind === "exponentialHistogram";
    if (!isTotal || temporality !== "cumulative") return value;
    if (this.#lastRaw !== undefined && last !== undefined) {
      const restarted = this.#lastStart > 0 && point.start > this.#lastStart;
      if (restarted || aggregate.isReset(value, this.#lastRaw)) this.#offset = last;
    }
    return this.#offset === undefined ? value : aggregate.add(value, this.#offset);
  }

  /** What a delta counts began at nothing, and so did what a process has counted since just now. */
  #setBase(
    { start, time }: PointRecord,
    value: StoredValue,
    { temporality }: MetricRecord,
  ): void {
    const known = start > 0 && start <= time;
    if (temporality !== "delta" && !(known && time - start <= FRESH_MILLIS)) return;
    this.base = { time: known ? start : time, value: aggregateOf(value).zero(value) };
  }

  #beginAnew(): void {
    this.points = [];
    this.base = undefined;
    this.#offset = undefined;
    this.#lastRaw = undefined;
    this.#measure();
  }

  #addExemplars(exemplars: readonly ExemplarRecord[]): void {
    const before = exemplarBytes(this.exemplars);
    // What is cumulative can bring the same exemplar at every collection.
    const all = [...this.exemplars];
    for (const exemplar of exemplars) {
      if (!all.some((known) => isSameExemplar(known, exemplar))) all.push(exemplar);
    }
    this.exemplars = all.slice(-MAX_EXEMPLARS);
    this.bytes += exemplarBytes(this.exemplars) - before;
  }

  #measure(): void {
    this.bytes = this.points.reduce(
      (sum, { value }) => sum + aggregateOf(value).bytes(value),
      this.#ownBytes + exemplarBytes(this.exemplars),
    );
  }
}

function isSameExemplar(one: ExemplarRecord, other: ExemplarRecord): boolean {
  return one.time === other.time && one.value === other.value && one.spanId === other.spanId;
}

function exemplarBytes(exemplars: readonly ExemplarRecord[]): number {
  return exemplars.reduce((sum, { bytes }) => sum + EXEMPLAR_BYTES + bytes, 0);
}

function fit(one: StoredValue, other: StoredValue): boolean {
  return one.type === other.type && aggregateOf(one).fits(one, other);
}

function bounded(value: StoredValue): StoredValue {
  return value.type === "exponential" ? withinBuckets(value) : value;
}
