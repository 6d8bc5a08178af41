import assert from "node:assert/strict";
import {
  OPERATION_TABLE,
  type OperationTable,
  SPAN_TABLE,
  type SpanTable,
} from "../../../framework/debugger/span_table.ts";
import {
  type DebugEventInput,
  type DebugEventType,
  EVENT_DEFAULTS,
} from "../../../framework/debugger/events.ts";
import { OPERATION_EVENTS } from "../../../framework/debugger/operations.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { attached } from "./_attached.ts";

Deno.test("the span table knows the 28 types of events, and the operation table each operation", () => {
  assert.equal(Object.keys(SPAN_TABLE).length, 28);
  assert.deepEqual(Object.keys(SPAN_TABLE).sort(), Object.keys(EVENT_DEFAULTS).sort());
  assert.deepEqual(Object.keys(OPERATION_TABLE).sort(), Object.keys(OPERATION_EVENTS).sort());
});

Deno.test("a table that lacks a type does not compile", () => {
  const { "cache:hit": _, ...incomplete } = SPAN_TABLE;
  // @ts-expect-error -- `cache:hit` is missing.
  const table: SpanTable = incomplete;
  assert.equal("cache:hit" in table, false);

  const { view: __, ...withoutViews } = OPERATION_TABLE;
  // @ts-expect-error -- `view` is missing.
  const operations: OperationTable = withoutViews;
  assert.equal("view" in operations, false);
});

const request = { method: "GET", path: "/orders/7" };
const httpRequest = { "http.request.method": "GET", "url.path": "/orders/7" };
const query = { model: "Order", operation: "find" };
const dbQuery = { "db.collection.name": "Order", "db.operation.name": "find" };
const job = { name: "mail", id: "j-1", attempt: 2 };
const jobAttributes = { "job.name": "mail", "job.id": "j-1", "job.attempt": 2 };

/** Each type of event, and the span event on the active span that it becomes, if it does. */
const facts: {
  [T in DebugEventType]: {
    readonly data: (DebugEventInput & { readonly type: T })["data"];
    readonly becomes: "nothing" | "span" | "exception" | readonly [string, object];
  };
} = {
  "request:start": { data: request, becomes: "nothing" },
  "request:end": { data: { status: 200 }, becomes: "nothing" },
  "middleware:enter": { data: { name: "auth", index: 0 }, becomes: "span" },
  "middleware:exit": { data: { name: "auth", index: 0 }, becomes: "nothing" },
  "route:match": {
    data: { ...request, route: "/orders/:id" },
    becomes: ["route:match", { ...httpRequest, "http.route": "/orders/:id" }],
  },
  "route:miss": { data: request, becomes: ["route:miss", httpRequest] },
  "controller:enter": { data: { route: "/orders/:id" }, becomes: "span" },
  "controller:exit": { data: { route: "/orders/:id" }, becomes: "nothing" },
  "orm:query": { data: query, becomes: ["orm:query", dbQuery] },
  "orm:result": {
    data: { ...query, rows: 3 },
    becomes: ["orm:result", { ...dbQuery, "db.response.returned_rows": 3 }],
  },
  "auth:check": {
    data: { scheme: "session", role: "admin" },
    becomes: ["auth:check", { "auth.scheme": "session", "auth.role": "admin" }],
  },
  "auth:success": {
    data: { scheme: "session" },
    becomes: ["auth.success", { "auth.scheme": "session" }],
  },
  "auth:failure": {
    data: { scheme: "session", reason: "expired" },
    becomes: ["auth.failure", { "auth.scheme": "session", "auth.failure.reason": "expired" }],
  },
  "cache:get": { data: { key: "a" }, becomes: ["cache:get", { "cache.key": "a" }] },
  "cache:set": {
    data: { key: "a", ttlSeconds: 60 },
    becomes: ["cache:set", { "cache.key": "a", "cache.ttl": 60 }],
  },
  "cache:hit": {
    data: { key: "a", source: "memory" },
    becomes: ["cache.hit", { "cache.key": "a", "cache.source": "memory" }],
  },
  "cache:miss": { data: { key: undefined }, becomes: ["cache.miss", {}] },
  "view:render": { data: { name: "order" }, becomes: ["view:render", { "view.name": "order" }] },
  "job:start": { data: job, becomes: ["job:start", jobAttributes] },
  "job:end": {
    data: { ...job, error: new TypeError("no address") },
    becomes: ["job:end", { ...jobAttributes, "error.type": "TypeError" }],
  },
  "search:query": {
    data: { index: "orders", query: "somebody's secret" },
    becomes: ["search:query", { "search.index": "orders" }],
  },
  "plugin:load": {
    data: { name: "mail", version: "1.2.3" },
    becomes: ["plugin:load", { "plugin.name": "mail", "plugin.version": "1.2.3" }],
  },
  "plugin:event": {
    data: { name: "mail", event: "sent" },
    becomes: ["plugin:event", { "plugin.name": "mail", "plugin.event": "sent" }],
  },
  "api:request": { data: request, becomes: ["api:request", httpRequest] },
  "api:response": {
    data: { ...request, status: 201 },
    becomes: ["api:response", { ...httpRequest, "http.response.status_code": 201 }],
  },
  "config:load": { data: { source: "env" }, becomes: ["config:load", { "config.source": "env" }] },
  "security:check": {
    data: { check: "csrf", passed: false, reason: "no token" },
    becomes: ["security:check", {
      "security.check": "csrf",
      "security.passed": false,
      "security.reason": "no token",
    }],
  },
  "error": { data: { error: new RangeError("too far") }, becomes: "exception" },
};

for (const [type, { data, becomes }] of Object.entries(facts)) {
  const input = { type, data, requestId: "r-1" } as DebugEventInput;
  const outcome = typeof becomes === "string" ? becomes : `the span event ${becomes[0]}`;

  Deno.test(`${type} becomes ${outcome} when it is emitted`, () => {
    using at = attached();
    withSpan("request", () => at.dbg.emit(input));
    at.bridge[Symbol.dispose]();
    const [span, ...others] = at.telemetry.spans();
    assert.equal(span?.name, "request");
    assert.equal(others.length, becomes === "span" ? 1 : 0);
    const events = span.events.map(({ name, attributes }) => [name, attributes]);
    if (becomes === "exception") {
      assert.deepEqual(events.map(([name]) => name), ["exception"]);
      assert.equal(span.status.code, "ERROR");
      assert.equal(span.attributes["error.type"], "RangeError");
    } else {
      assert.deepEqual(events, typeof becomes === "string" ? [] : [becomes]);
      assert.equal(span.status.code, "UNSET");
    }
  });

  Deno.test(`${type} becomes nothing when a span tells of it already`, () => {
    using at = attached();
    withSpan("request", () => at.dbg.emit({ ...input, traced: true }));
    at.bridge[Symbol.dispose]();
    const spans = at.telemetry.spans();
    assert.deepEqual(spans.map(({ name, events }) => [name, events]), [["request", []]]);
  });
}
