import type { LogContent, ScopeRecord, SpanContent } from "../otlp/records.ts";
import { Nanos } from "../otlp/nanos.ts";
import type { StoredLog } from "../store/log_store.ts";
import type { StoredResource } from "../store/origins.ts";
import type { Store } from "../store/store.ts";
import type { StoredSpan, Trace } from "../store/trace.ts";
import { isList } from "./attribute_value.ts";
import type { Attribute, AttributeValue } from "./model.ts";

/**
 * `GET /api/traces/{traceId}/otlp`: the trace as OTLP JSON, one request a line: its spans, then its
 * logs. What the trace was received with comes out again, times to the nanosecond.
 */
export function* exportTrace(store: Store, trace: Trace): Generator<string> {
  yield line("resourceSpans", "scopeSpans", {
    items: trace.spans,
    name: "spans",
    write: (span) => writeSpan(trace.traceId, span),
  });
  const logs = [...store.logs.ofTrace(trace.traceId)];
  if (logs.length === 0) return;
  yield line("resourceLogs", "scopeLogs", { items: logs, name: "logRecords", write: writeLog });
}

function line<Item extends { readonly resource: StoredResource; readonly scope: ScopeRecord }>(
  resources: string,
  scopes: string,
  { items, name, write }: {
    readonly items: readonly Item[];
    readonly name: string;
    readonly write: (item: Item) => object;
  },
): string {
  const byResource = [...Map.groupBy(items, ({ resource }) => resource)];
  const request = {
    [resources]: byResource.map(([{ attributes, schemaUrl }, ofResource]) => ({
      resource: { attributes: writeAttributes(attributes) },
      [scopes]: [...Map.groupBy(ofResource, ({ scope }) => scope)].map(([scope, ofScope]) => ({
        scope: {
          name: scope.name,
          version: scope.version,
          attributes: writeAttributes(scope.attributes),
        },
        [name]: ofScope.map(write),
        schemaUrl: scope.schemaUrl,
      })),
      schemaUrl,
    })),
  };
  return `${JSON.stringify(request)}\n`;
}

function writeSpan(traceId: string, span: StoredSpan): object {
  const content: SpanContent = JSON.parse(span.content);
  const start = new Nanos(span.startMillis, span.startRest);
  return {
    traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: content.name ?? span.name,
    kind: span.kind,
    startTimeUnixNano: start,
    endTimeUnixNano: endOf(start, span.durationMs),
    attributes: writeAttributes(content.attributes),
    droppedAttributesCount: content.droppedAttributes,
    events: content.events?.map(({ name, time: [millis, rest], attributes, ...event }) => ({
      name,
      timeUnixNano: new Nanos(millis, rest),
      attributes: writeAttributes(attributes),
      droppedAttributesCount: event.droppedAttributes,
    })),
    droppedEventsCount: content.droppedEvents,
    links: content.links?.map(({ attributes, droppedAttributes, ...link }) => ({
      ...link,
      attributes: writeAttributes(attributes),
      droppedAttributesCount: droppedAttributes,
    })),
    droppedLinksCount: content.droppedLinks,
    status: { code: span.status, message: content.statusMessage },
    traceState: content.traceState,
    flags: content.flags,
  };
}

/** The duration has at most as many nanoseconds as a double tells apart for a hundred days. */
function endOf(start: Nanos, durationMs: number): Nanos {
  const whole = Math.floor(durationMs);
  const rest = start.rest + Math.round((durationMs - whole) * 1_000_000);
  return new Nanos(start.millis + whole + Math.floor(rest / 1_000_000), rest % 1_000_000);
}

function writeLog(log: StoredLog): object {
  const { body, attributes, ...content }: LogContent = JSON.parse(log.content);
  return {
    timeUnixNano: new Nanos(log.timeMillis, log.timeRest),
    observedTimeUnixNano: content.observed && new Nanos(...content.observed),
    severityNumber: log.severityNumber,
    severityText: content.severityText,
    eventName: content.eventName,
    body: writeValue(body),
    attributes: writeAttributes(attributes),
    droppedAttributesCount: content.droppedAttributes,
    flags: content.flags,
    traceId: log.traceId,
    spanId: log.spanId,
  };
}

function writeAttributes(attributes: readonly Attribute[] = []): object[] {
  return attributes.map(({ key, value }) => ({ key, value: writeValue(value) }));
}

/** An `AnyValue` in OTLP's JSON. */
function writeValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (value === null) return {};
  if (isList(value)) return { arrayValue: { values: value.map(writeValue) } };
  if ("map" in value) return { kvlistValue: { values: writeAttributes(value.map) } };
  if ("bytes" in value) return { bytesValue: value.bytes };
  if ("int" in value) return { intValue: value.int };
  const number = Number(value.double);
  return { doubleValue: Number.isFinite(number) ? number : value.double };
}
