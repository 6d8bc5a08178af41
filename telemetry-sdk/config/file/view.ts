import type {
  AggregationConfigModel,
  InstrumentTypeConfigModel,
  ViewConfigModel,
} from "@opentelemetry/configuration";
import {
  type AggregationOption,
  AggregationType,
  type IAttributesProcessor,
  InstrumentType,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { shownValue } from "./document.ts";
import { type IncludeExclude, nameFilter } from "./name_pattern.ts";
import type { FilePlace } from "./place.ts";

const INSTRUMENT_TYPES: Readonly<Record<NonNullable<InstrumentTypeConfigModel>, InstrumentType>> = {
  counter: InstrumentType.COUNTER,
  gauge: InstrumentType.GAUGE,
  histogram: InstrumentType.HISTOGRAM,
  observable_counter: InstrumentType.OBSERVABLE_COUNTER,
  observable_gauge: InstrumentType.OBSERVABLE_GAUGE,
  observable_up_down_counter: InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
  up_down_counter: InstrumentType.UP_DOWN_COUNTER,
};

/** What the specification has a histogram's buckets be where nobody says anything. */
const DEFAULT_BOUNDARIES = [
  0,
  5,
  10,
  25,
  50,
  75,
  100,
  250,
  500,
  750,
  1000,
  2500,
  5000,
  7500,
  10_000,
];
const DEFAULT_MAX_BUCKETS = 160;

/**
 * Reads a view.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When the SDK could not make the view, or would make another one of it.
 */
export function readView({ selector, stream }: ViewConfigModel, place: FilePlace): ViewOptions {
  const options = {
    ...readSelector(selector, place.at("selector")),
    ...(stream.name && { name: stream.name }),
    ...(stream.description && { description: stream.description }),
    ...(stream.aggregation && {
      aggregation: readAggregation(stream.aggregation, place.at("stream", "aggregation")),
    }),
    ...(stream.attribute_keys && {
      attributesProcessors: [attributeFilter(stream.attribute_keys)],
    }),
  };
  const { instrumentName = "*" } = options;
  if (stream.name && instrumentName.includes("*")) {
    place.at("stream", "name").refuse(
      `${
        shownValue(stream.name)
      } would be the name of several; expected the instrument_name of one`,
    );
  }
  const limit = stream.aggregation_cardinality_limit ?? undefined;
  if (limit === undefined) return options;
  atLeastTwo(limit, place.at("stream", "aggregation_cardinality_limit"));
  return { ...options, aggregationCardinalityLimit: limit };
}

function readSelector(selector: ViewConfigModel["selector"], place: FilePlace): ViewOptions {
  const name = selector.instrument_name;
  if (name && (name.includes("?") || name.indexOf("*") !== name.lastIndexOf("*"))) {
    // The SDK takes the first `*` alone for a wildcard, and `?` for itself.
    place.at("instrument_name").refuse(`${shownValue(name)}: expected a name with one * at most`);
  }
  const options = {
    ...(name && { instrumentName: name }),
    ...(selector.instrument_type && {
      instrumentType: INSTRUMENT_TYPES[selector.instrument_type],
    }),
    ...(selector.unit && { instrumentUnit: selector.unit }),
    ...(selector.meter_name && { meterName: selector.meter_name }),
    ...(selector.meter_version && { meterVersion: selector.meter_version }),
    ...(selector.meter_schema_url && { meterSchemaUrl: selector.meter_schema_url }),
  };
  // The SDK refuses a view that says nothing about what it is for; the schema lets it mean everything.
  return Object.keys(options).length === 0 ? { instrumentName: "*" } : options;
}

function readAggregation(model: AggregationConfigModel, place: FilePlace): AggregationOption {
  const [kind] = Object.keys(model);
  switch (kind) {
    case "drop":
      return { type: AggregationType.DROP };
    case "sum":
      return { type: AggregationType.SUM };
    case "last_value":
      return { type: AggregationType.LAST_VALUE };
    case "explicit_bucket_histogram": {
      const { boundaries = DEFAULT_BOUNDARIES, record_min_max } = model[kind] ?? {};
      const ascends = boundaries.every((bound, index) =>
        Number.isFinite(bound) && bound > (boundaries[index - 1] ?? -Infinity)
      );
      if (!ascends) {
        place.at(kind, "boundaries").refuse("expected finite bounds in ascending order");
      }
      return {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries, recordMinMax: record_min_max ?? true },
      };
    }
    case "base2_exponential_bucket_histogram": {
      const { max_size, record_min_max } = model[kind] ?? {};
      const maxSize = max_size ?? DEFAULT_MAX_BUCKETS;
      atLeastTwo(maxSize, place.at(kind, "max_size"));
      return {
        type: AggregationType.EXPONENTIAL_HISTOGRAM,
        options: { maxSize, recordMinMax: record_min_max ?? true },
      };
    }
    default:
      return { type: AggregationType.DEFAULT };
  }
}

function attributeFilter(lists: IncludeExclude): IAttributesProcessor {
  const isMeant = nameFilter(lists);
  return {
    process: (incoming) =>
      Object.fromEntries(Object.entries(incoming).filter(([name]) => isMeant(name))),
  };
}

function atLeastTwo(value: number, place: FilePlace): void {
  if (!Number.isInteger(value) || value < 2) {
    place.refuse(`${shownValue(value)}: expected an integer from 2`);
  }
}
