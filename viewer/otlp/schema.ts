import {
  base64,
  bool,
  type Definition,
  double,
  fixed32,
  fixed64,
  identifier,
  int32,
  int64,
  later,
  message,
  nested,
  sfixed64,
  sint32,
  text,
  time,
  uint32,
  uint64,
} from "./field_types.ts";
import type { Fields } from "./protobuf.ts";

const anyValue: Fields = message([
  ["stringValue", 1, text],
  ["boolValue", 2, bool],
  ["intValue", 3, int64],
  ["doubleValue", 4, double],
  ["arrayValue", 5, nested(() => arrayValue)],
  ["kvlistValue", 6, nested(() => keyValueList)],
  ["bytesValue", 7, base64],
]);
const arrayValue: Fields = message([["values", 1, nested(() => anyValue), "repeated"]]);
const keyValueList: Fields = message([["values", 1, nested(() => keyValue), "repeated"]]);
const keyValue: Fields = message([["key", 1, text], ["value", 2, nested(() => anyValue)]]);

function attributes(number: number, name = "attributes"): Definition {
  return [name, number, nested(() => keyValue), "repeated"];
}

const resource = message([attributes(1), ["droppedAttributesCount", 2, uint32]]);
const scope = message([
  ["name", 1, text],
  ["version", 2, text],
  attributes(3),
  ["droppedAttributesCount", 4, uint32],
]);

/** The envelope that the three signals share, around items that are decoded later. */
function envelope(names: EnvelopeNames): Fields {
  const byScope = message([
    ["scope", 1, nested(() => scope)],
    [names.items, 2, later, "repeated"],
    ["schemaUrl", 3, text],
  ]);
  const byResource = message([
    ["resource", 1, nested(() => resource)],
    [names.scopes, 2, nested(() => byScope), "repeated"],
    ["schemaUrl", 3, text],
  ]);
  return message([[names.resources, 1, nested(() => byResource), "repeated"]]);
}

/** What a signal calls the levels of its envelope. */
export interface EnvelopeNames {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
}

const span = message([
  ["traceId", 1, identifier],
  ["spanId", 2, identifier],
  ["traceState", 3, text],
  ["parentSpanId", 4, identifier],
  ["name", 5, text],
  ["kind", 6, int32],
  ["startTimeUnixNano", 7, time],
  ["endTimeUnixNano", 8, time],
  attributes(9),
  ["droppedAttributesCount", 10, uint32],
  ["events", 11, nested(() => event), "repeated"],
  ["droppedEventsCount", 12, uint32],
  ["links", 13, nested(() => link), "repeated"],
  ["droppedLinksCount", 14, uint32],
  ["status", 15, nested(() => status)],
  ["flags", 16, fixed32],
]);
const event = message([
  ["timeUnixNano", 1, time],
  ["name", 2, text],
  attributes(3),
  ["droppedAttributesCount", 4, uint32],
]);
const link = message([
  ["traceId", 1, identifier],
  ["spanId", 2, identifier],
  ["traceState", 3, text],
  attributes(4),
  ["droppedAttributesCount", 5, uint32],
  ["flags", 6, fixed32],
]);
const status = message([["message", 2, text], ["code", 3, int32]]);

const logRecord = message([
  ["timeUnixNano", 1, time],
  ["severityNumber", 2, int32],
  ["severityText", 3, text],
  ["body", 5, nested(() => anyValue)],
  attributes(6),
  ["droppedAttributesCount", 7, uint32],
  ["flags", 8, fixed32],
  ["traceId", 9, identifier],
  ["spanId", 10, identifier],
  ["observedTimeUnixNano", 11, time],
  ["eventName", 12, text],
]);

const metric = message([
  ["name", 1, text],
  ["description", 2, text],
  ["unit", 3, text],
  ["gauge", 5, nested(() => gauge)],
  ["sum", 7, nested(() => sum)],
  ["histogram", 9, nested(() => histogram)],
  ["exponentialHistogram", 10, nested(() => exponentialHistogram)],
  ["summary", 11, nested(() => summary)],
]);

function data(point: () => Fields): Definition {
  return ["dataPoints", 1, nested(point), "repeated"];
}

const temporality: Definition = ["aggregationTemporality", 2, int32];
const gauge = message([data(() => numberPoint)]);
const sum = message([data(() => numberPoint), temporality, ["isMonotonic", 3, bool]]);
const histogram = message([data(() => histogramPoint), temporality]);
const exponentialHistogram = message([data(() => exponentialPoint), temporality]);
const summary = message([data(() => summaryPoint)]);

function times(start: number, end: number): Definition[] {
  return [["startTimeUnixNano", start, time], ["timeUnixNano", end, time]];
}

function exemplars(number: number): Definition {
  return ["exemplars", number, nested(() => exemplar), "repeated"];
}

const numberPoint = message([
  ...times(2, 3),
  ["asDouble", 4, double],
  exemplars(5),
  ["asInt", 6, sfixed64],
  attributes(7),
  ["flags", 8, uint32],
]);
const histogramPoint = message([
  ...times(2, 3),
  ["count", 4, fixed64],
  ["sum", 5, double],
  ["bucketCounts", 6, fixed64, "repeated"],
  ["explicitBounds", 7, double, "repeated"],
  exemplars(8),
  attributes(9),
  ["flags", 10, uint32],
  ["min", 11, double],
  ["max", 12, double],
]);
const exponentialPoint = message([
  attributes(1),
  ...times(2, 3),
  ["count", 4, fixed64],
  ["sum", 5, double],
  ["scale", 6, sint32],
  ["zeroCount", 7, fixed64],
  ["positive", 8, nested(() => buckets)],
  ["negative", 9, nested(() => buckets)],
  ["flags", 10, uint32],
  exemplars(11),
  ["min", 12, double],
  ["max", 13, double],
  ["zeroThreshold", 14, double],
]);
const buckets = message([["offset", 1, sint32], ["bucketCounts", 2, uint64, "repeated"]]);
const summaryPoint = message([
  ...times(2, 3),
  ["count", 4, fixed64],
  ["sum", 5, double],
  ["quantileValues", 6, nested(() => quantile), "repeated"],
  attributes(7),
  ["flags", 8, uint32],
]);
const quantile = message([["quantile", 1, double], ["value", 2, double]]);
const exemplar = message([
  ["timeUnixNano", 2, time],
  ["asDouble", 3, double],
  ["spanId", 4, identifier],
  ["traceId", 5, identifier],
  ["asInt", 6, sfixed64],
  attributes(7, "filteredAttributes"),
]);

/** How a signal's request is built, and how one of its items is. */
export interface RequestSchema {
  readonly names: EnvelopeNames;
  readonly request: Fields;
  readonly item: Fields;
}

function requestSchema(names: EnvelopeNames, item: Fields): RequestSchema {
  return { names, request: envelope(names), item };
}

/** The export requests, with the field numbers of opentelemetry-proto 1.x. */
export const requestSchemas = {
  traces: requestSchema(
    { resources: "resourceSpans", scopes: "scopeSpans", items: "spans" },
    span,
  ),
  metrics: requestSchema(
    { resources: "resourceMetrics", scopes: "scopeMetrics", items: "metrics" },
    metric,
  ),
  logs: requestSchema(
    { resources: "resourceLogs", scopes: "scopeLogs", items: "logRecords" },
    logRecord,
  ),
} as const satisfies Readonly<Record<string, RequestSchema>>;
