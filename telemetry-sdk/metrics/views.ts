import {
  type AggregationOption,
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";

/** How a view has measurements put together. */
export type ViewAggregation =
  /** Nothing is kept. */
  | "drop"
  | "sum"
  | "last_value"
  /** A histogram with these upper bounds. */
  | { readonly buckets: readonly number[] }
  /** A histogram whose buckets fit themselves to what is measured, at most this many on each side. */
  | { readonly exponential: { readonly maxBuckets?: number } };

/** What becomes of the instruments that a view selects. */
export interface MetricView {
  /** The instrument's name; one `*` stands for any part of it. */
  readonly instrument: string;
  /** The meter's name, where only its instruments are meant. */
  readonly meter?: string;
  /** The unit, where only instruments that have it are meant. */
  readonly unit?: string;
  /** The name it is exported by; for one instrument only. */
  readonly rename?: string;
  /** The description it is exported with. */
  readonly description?: string;
  /** The only attributes that are kept. */
  readonly keepAttributes?: readonly string[];
  /** Attributes that are taken away; series that differ in nothing else become one. */
  readonly dropAttributes?: readonly string[];
  /** How measurements are put together; as the kind of instrument has it unless told. */
  readonly aggregation?: ViewAggregation;
  /** The most series. */
  readonly cardinalityLimit?: number;
}

/** What the specification has exponential histograms start from. */
const DEFAULT_MAX_BUCKETS = 160;

/**
 * A view in words of its own, for `metrics.views` of the configuration.
 *
 * @param view What it selects, and what becomes of that.
 * @throws {TypeError} When a view that selects several instruments would give them one name, or has two `*`.
 * @throws {RangeError} When buckets do not ascend, or a limit is no whole number.
 *
 * @example
 * ```ts
 * import { metricView, startTelemetry } from "@echelon/telemetry-sdk";
 *
 * startTelemetry({
 *   metrics: {
 *     views: [
 *       metricView({ instrument: "http.server.*", dropAttributes: ["http.route"] }),
 *       metricView({ instrument: "shop.basket", rename: "shop.cart" }),
 *       metricView({ instrument: "shop.price", aggregation: { buckets: [1, 10, 100] } }),
 *       metricView({ instrument: "db.*", unit: "s", aggregation: { exponential: {} } }),
 *     ],
 *   },
 * });
 * ```
 */
export function metricView(view: MetricView): ViewOptions {
  const { instrument, rename, description, meter, unit, cardinalityLimit } = view;
  if (instrument === "") {
    throw new TypeError(`A view selects nothing: expected an instrument's name, or "*"`);
  }
  if (instrument.split("*").length > 2) {
    throw new TypeError(
      `The view of "${instrument}" has more than one "*": expected one at most, for the SDK takes the others ` +
        "for what they are",
    );
  }
  if (rename !== undefined && instrument.includes("*")) {
    throw new TypeError(
      `The view of "${instrument}" cannot rename to "${rename}": expected the name of one ` +
        "instrument, for several would get the same",
    );
  }
  if (cardinalityLimit !== undefined) atLeast(2, "cardinalityLimit", cardinalityLimit);
  const processors = [
    ...(view.keepAttributes ? [createAllowListAttributesProcessor([...view.keepAttributes])] : []),
    ...(view.dropAttributes ? [createDenyListAttributesProcessor([...view.dropAttributes])] : []),
  ];
  return {
    instrumentName: instrument,
    ...(meter !== undefined && { meterName: meter }),
    ...(unit !== undefined && { instrumentUnit: unit }),
    ...(rename !== undefined && { name: rename }),
    ...(description !== undefined && { description }),
    ...(processors.length > 0 && { attributesProcessors: processors }),
    ...(view.aggregation !== undefined && { aggregation: aggregationOf(view.aggregation) }),
    ...(cardinalityLimit !== undefined && { aggregationCardinalityLimit: cardinalityLimit }),
  };
}

function aggregationOf(aggregation: ViewAggregation): AggregationOption {
  if (aggregation === "drop") return { type: AggregationType.DROP };
  if (aggregation === "sum") return { type: AggregationType.SUM };
  if (aggregation === "last_value") return { type: AggregationType.LAST_VALUE };
  if ("buckets" in aggregation) {
    const boundaries = [...aggregation.buckets];
    const ascending = boundaries.every((bound, index) =>
      Number.isFinite(bound) && (index === 0 || bound > (boundaries[index - 1] as number))
    );
    if (!ascending) {
      throw new RangeError(
        `The buckets [${boundaries}] are of no use: expected finite bounds in ascending order`,
      );
    }
    return {
      type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
      options: { boundaries, recordMinMax: true },
    };
  }
  const { maxBuckets = DEFAULT_MAX_BUCKETS } = aggregation.exponential;
  atLeast(2, "maxBuckets", maxBuckets);
  return {
    type: AggregationType.EXPONENTIAL_HISTOGRAM,
    options: { maxSize: maxBuckets, recordMinMax: true },
  };
}

function atLeast(least: number, name: string, value: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${value} is no "${name}": expected an integer from ${least}`);
}
