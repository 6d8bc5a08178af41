import assert from "node:assert/strict";
import { context } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { isTracingSuppressed, suppressTracing } from "@opentelemetry/core";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { HttpError } from "../../../framework/errors.ts";
import { createLogger, type LogRecord } from "../../../framework/telemetry/logger.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import manifest from "../../../framework/deno.json" with { type: "json" };
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

/** Registers a stock logger provider, for as long as this lives. */
function inMemoryLogs() {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  logs.setGlobalLoggerProvider(provider);
  return {
    records: () => exporter.getFinishedLogRecords(),
    [Symbol.dispose]: () => logs.disable(),
  };
}

function recording(options: Parameters<typeof createLogger>[0] = {}) {
  const written: LogRecord[] = [];
  return { written, log: createLogger({ ...options, sinks: [(record) => written.push(record)] }) };
}

Deno.test("Logger hands its records to the SDK, in the span that they are made in", async () => {
  using telemetry = inMemoryTelemetry();
  using sdk = inMemoryLogs();
  const { written, log } = recording({ name: "shop", level: "debug", fields: { region: "eu" } });
  await withSpan("work", async () => {
    await Promise.resolve();
    log.info("order placed", {
      order: "o-1",
      total: 12.5,
      express: true,
      items: [{ sku: "tea", tags: new Set(["hot"]) }],
      at: new Date(0),
      big: 2n ** 70n,
      none: undefined,
    });
  });
  const [span] = telemetry.spans();
  const [record, ...others] = sdk.records();
  assert.deepEqual(others, []);
  assert.deepEqual(record?.instrumentationScope, {
    name: "@echelon/framework",
    version: manifest.version,
    schemaUrl: "https://opentelemetry.io/schemas/1.45.0",
  });
  assert.equal(record.body, "order placed");
  assert.equal(record.severityNumber, 9);
  assert.equal(record.severityText, "info");
  assert.equal(record.eventName, undefined);
  assert.deepEqual(record.attributes, {
    "logger.name": "shop",
    region: "eu",
    order: "o-1",
    total: 12.5,
    express: true,
    items: [{ sku: "tea", tags: ["hot"] }],
    at: "1970-01-01T00:00:00.000Z",
    big: "1180591620717411303424",
  });
  assert.equal(record.spanContext?.traceId, span?.traceId);
  assert.equal(record.spanContext?.spanId, span?.spanId);
  assert.equal(written[0]?.spanId, span?.spanId);
});

Deno.test("Logger writes each level with its severity number", () => {
  using sdk = inMemoryLogs();
  const { log } = recording({ level: "trace" });
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const) {
    log[level](level);
  }
  assert.deepEqual(sdk.records().map(({ severityNumber }) => severityNumber), [
    1,
    5,
    9,
    13,
    17,
    21,
  ]);
});

Deno.test("Logger writes the error among its fields as the exception, without secrets", () => {
  using sdk = inMemoryLogs();
  class OutOfStock extends Error {}
  const cause = new AggregateError([new RangeError("one"), new TypeError("two")], "several");
  const error = new OutOfStock("no tea at https://ann:secret@shop.test/?token=t", { cause });
  recording().log.error("order failed", { error, other: new Error("nested") });
  recording().log.error("order failed", { error: "a text" });
  const [record, second] = sdk.records();
  assert.equal(record?.attributes["exception.type"], "OutOfStock");
  assert.equal(
    record.attributes["exception.message"],
    "no tea at https://REDACTED:REDACTED@shop.test/?token=REDACTED",
  );
  const stack = String(record.attributes["exception.stacktrace"]);
  assert.match(stack, /log_otel_test\.ts/);
  assert.match(stack, /\nCaused by: AggregateError: several/);
  assert.match(stack, /\nOne of its errors: RangeError: one/);
  assert.match(stack, /\nOne of its errors: TypeError: two/);
  assert.doesNotMatch(stack, /secret/);
  assert.equal(record.attributes["error"], undefined);
  assert.equal((record.attributes["other"] as { message?: string }).message, "nested");
  assert.deepEqual(second?.attributes, { error: "a text" });
});

Deno.test("Logger finds an SDK that is registered after it, and the next one", () => {
  const { log, written } = recording();
  log.info("nobody");
  {
    using first = inMemoryLogs();
    log.info("first");
    assert.deepEqual(first.records().map(({ body }) => body), ["first"]);
  }
  log.info("nobody again");
  using second = inMemoryLogs();
  log.child({ a: 1 }).info("second");
  assert.deepEqual(second.records().map(({ body }) => body), ["second"]);
  assert.equal(written.length, 4);
});

Deno.test("Logger keeps its records from the SDK where it is told to", () => {
  using sdk = inMemoryLogs();
  const { log, written } = recording({ otel: false });
  log.info("here only");
  log.child({ a: 1 }).info("here only");
  assert.deepEqual(sdk.records(), []);
  assert.equal(written.length, 2);
});

Deno.test("Logger writes its lines where nothing records them a second time", () => {
  using _telemetry = inMemoryTelemetry();
  const suppressed: boolean[] = [];
  const sinks = [() => void suppressed.push(isTracingSuppressed(context.active()))];
  createLogger({ sinks }).info("no SDK has it");
  using _sdk = inMemoryLogs();
  createLogger({ sinks }).info("the SDK has it");
  createLogger({ sinks, otel: false }).info("the SDK has it not");
  assert.deepEqual(suppressed, [false, true, false]);
});

Deno.test("Logger writes its line when the SDK throws", () => {
  logs.setGlobalLoggerProvider({
    getLogger: () => ({
      enabled: () => true,
      emit: () => {
        throw new Error("emit");
      },
    }),
  });
  try {
    const { log, written } = recording();
    log.info("still here");
    assert.equal(written.length, 1);
  } finally {
    logs.disable();
  }
});

Deno.test("a request that fails is logged once, with the exception, in its own span", async () => {
  using telemetry = inMemoryTelemetry();
  using sdk = inMemoryLogs();
  const app = testApp();
  app.use((_ctx, next) => next());
  app.get("/orders/:id", () => {
    throw new RangeError("no such shelf");
  });
  app.get("/refused", () => {
    throw new HttpError(404, "gone");
  });
  for (const path of ["/orders/7", "/refused"]) {
    const response = await app.handle(request(path));
    await response.body?.cancel();
  }
  const server = telemetry.spans().find(({ name }) => name === "GET /orders/:id");
  const [record, ...others] = sdk.records();
  assert.deepEqual(others, []);
  assert.equal(record?.body, "request failed");
  assert.equal(record.severityNumber, 17);
  assert.equal(record.attributes["exception.type"], "RangeError");
  assert.equal(record.attributes["exception.message"], "no such shelf");
  assert.equal(record.attributes["route"], "/orders/:id");
  assert.equal(record.spanContext?.traceId, server?.traceId);
  assert.equal(record.spanContext?.spanId, server?.spanId);
  await app.stop();
});

Deno.test("a body that fails on its way is logged once, with the exception", async () => {
  using telemetry = inMemoryTelemetry();
  using sdk = inMemoryLogs();
  const app = testApp();
  app.get("/stream", () =>
    new Response(
      new ReadableStream({
        pull() {
          throw new TypeError("the source is gone");
        },
      }, { highWaterMark: 0 }),
    ));
  const response = await app.handle(request("/stream"));
  await assert.rejects(response.text());
  const [span] = telemetry.spans().filter(({ name }) => name === "GET /stream");
  assert.deepEqual(
    sdk.records().map(({ attributes, spanContext }) => [
      attributes["exception.type"],
      attributes["exception.message"],
      spanContext?.traceId,
    ]),
    [["TypeError", "the source is gone", span?.traceId]],
  );
  await app.stop();
});

Deno.test("Logger leaves it to the SDK to refuse what is logged in a suppressed context", () => {
  using _telemetry = inMemoryTelemetry();
  const asked: boolean[] = [];
  logs.setGlobalLoggerProvider({
    getLogger: () => ({
      enabled: () => {
        asked.push(isTracingSuppressed(context.active()));
        return false;
      },
      emit: () => assert.fail("what is not enabled is not emitted"),
    }),
  });
  try {
    const { log, written } = recording();
    context.with(suppressTracing(context.active()), () => log.info("from an exporter"));
    assert.deepEqual(asked, [true]);
    assert.equal(written.length, 1);
  } finally {
    logs.disable();
  }
});
