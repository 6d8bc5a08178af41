import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_CODE_FUNCTION_NAME,
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from "../telemetry/attributes.ts";
import { errorType } from "../telemetry/otel.ts";
import {
  authAttributes,
  cacheAttributes,
  jobAttributes,
  pluginAttributes,
  present,
  queryAttributes,
  requestAttributes,
  searchAttributes,
} from "./event_attributes.ts";
import type {
  DebugEventData,
  DebugEventOf,
  DebugEventType,
  DebugOperationData,
  DebugOperationType,
} from "./events.ts";

/** What an event becomes in OpenTelemetry. */
export type EventRule<T extends DebugEventType> =
  /** Another span tells of it. */
  | { readonly becomes: "nothing" }
  /** `exception`: on the active span, which thereby failed. Else half of an operation's span. */
  | {
    readonly becomes: "exception" | "span start" | "span end";
    readonly attributes: (data: Readonly<DebugEventData[T]>) => Attributes;
  }
  /** An event on the active span, under its type's name where no other is given. */
  | {
    readonly becomes: "span event";
    readonly name?: string;
    readonly attributes: (data: Readonly<DebugEventData[T]>) => Attributes;
  };

/** What every type of event becomes. */
export type SpanTable = { readonly [T in DebugEventType]: EventRule<T> };

/** What the span of every type of operation says; its name is the operation's. */
export type OperationTable = {
  readonly [T in DebugOperationType]: (data: Readonly<DebugOperationData[T]>) => Attributes;
};

/** What the spans of operations say. */
export const OPERATION_TABLE = {
  middleware: ({ name, index }) => ({ "middleware.name": name, "middleware.index": index }),
  controller: ({ name, route }) => ({
    [ATTR_HTTP_ROUTE]: route,
    [ATTR_CODE_FUNCTION_NAME]: name,
  }),
  view: ({ name }) => ({ "view.name": name }),
  search: searchAttributes,
  plugin: pluginAttributes,
} as const satisfies OperationTable;

/** What becomes of each type of event that no run of an operation has made a span of already. */
export const SPAN_TABLE = {
  "request:start": { becomes: "nothing" },
  "request:end": { becomes: "nothing" },
  "middleware:enter": {
    becomes: "span start",
    attributes: OPERATION_TABLE.middleware,
  },
  "middleware:exit": {
    becomes: "span end",
    attributes: OPERATION_TABLE.middleware,
  },
  "route:match": spanEvent((data) => ({
    ...requestAttributes(data),
    [ATTR_HTTP_ROUTE]: data.route,
  })),
  "route:miss": spanEvent(requestAttributes),
  "controller:enter": {
    becomes: "span start",
    attributes: OPERATION_TABLE.controller,
  },
  "controller:exit": {
    becomes: "span end",
    attributes: OPERATION_TABLE.controller,
  },
  "orm:query": spanEvent(queryAttributes),
  "orm:result": spanEvent((data) => ({
    ...queryAttributes(data),
    [ATTR_DB_RESPONSE_RETURNED_ROWS]: data.rows,
  })),
  "auth:check": spanEvent((data) => ({
    ...authAttributes(data),
    "auth.role": data.role,
    "auth.permission": data.permission,
  })),
  "auth:success": renamed("auth.success", authAttributes),
  "auth:failure": renamed("auth.failure", (data) => ({
    ...authAttributes(data),
    "auth.failure.reason": data.reason,
  })),
  "cache:get": spanEvent(cacheAttributes),
  "cache:set": spanEvent((data) => ({
    ...cacheAttributes(data),
    "cache.ttl": data.ttlSeconds,
  })),
  "cache:hit": renamed("cache.hit", (data) => ({
    ...cacheAttributes(data),
    "cache.source": data.source,
  })),
  "cache:miss": renamed("cache.miss", cacheAttributes),
  "view:render": spanEvent(({ name }) => ({ "view.name": name })),
  "job:start": spanEvent(jobAttributes),
  "job:end": spanEvent((data) => ({
    ...jobAttributes(data),
    [ATTR_ERROR_TYPE]: data.error === undefined ? undefined : errorType(data.error),
  })),
  "search:query": spanEvent(searchAttributes),
  "plugin:load": spanEvent(({ name, version }) => ({
    "plugin.name": name,
    "plugin.version": version,
  })),
  "plugin:event": spanEvent(pluginAttributes),
  "api:request": spanEvent(requestAttributes),
  "api:response": spanEvent((data) => ({
    ...requestAttributes(data),
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: data.status,
  })),
  "config:load": spanEvent(({ source }) => ({ "config.source": source })),
  "security:check": spanEvent(({ check, passed, reason }) => ({
    "security.check": check,
    "security.passed": passed,
    "security.reason": reason,
  })),
  "error": {
    becomes: "exception",
    attributes: ({ error }) => ({ [ATTR_ERROR_TYPE]: errorType(error) }),
  },
} as const satisfies SpanTable;

const events: SpanTable = SPAN_TABLE;
const operations: OperationTable = OPERATION_TABLE;

/** What the table says of a type of event. */
export function ruleOf(type: DebugEventType): SpanTable[DebugEventType] {
  return events[type];
}

/** An event as a span event. */
export function asSpanEvent<T extends DebugEventType>(
  event: DebugEventOf<T>,
): { readonly name: string; readonly attributes: Attributes } {
  const rule: EventRule<T> = events[event.type];
  const name = rule.becomes === "span event" ? rule.name : undefined;
  const attributes = "attributes" in rule ? present(rule.attributes(event.data)) : {};
  return { name: name ?? event.type, attributes };
}

/** The attributes of an operation's span. */
export function operationAttributes<T extends DebugOperationType>(
  { type, data }: { readonly type: T; readonly data: Readonly<DebugOperationData[T]> },
): Attributes {
  return present(operations[type](data));
}

interface SpanEventRule<Data> {
  readonly becomes: "span event";
  readonly name?: string;
  readonly attributes: (data: Data) => Attributes;
}

function spanEvent<Data>(attributes: (data: Data) => Attributes): SpanEventRule<Data> {
  return { becomes: "span event", attributes };
}

function renamed<Data>(name: string, attributes: (data: Data) => Attributes): SpanEventRule<Data> {
  return { becomes: "span event", name, attributes };
}
