import assert from "node:assert/strict";
import { formatJson, formatPretty } from "../../../framework/telemetry/log_output.ts";
import { createLogger, type LogRecord } from "../../../framework/telemetry/logger.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

function recording(options: Parameters<typeof createLogger>[0] = {}) {
  const records: LogRecord[] = [];
  return { records, log: createLogger({ ...options, sinks: [(record) => records.push(record)] }) };
}

Deno.test("Logger drops what is less grave than its level", () => {
  const { records, log } = recording({ level: "warn" });
  log.info("quiet");
  log.warn("heard");
  log.level = "trace";
  log.trace("heard too");
  assert.deepEqual(records.map((record) => record.message), ["heard", "heard too"]);
  assert.throws(
    () => createLogger({ level: "loud" as "info" }),
    /Cannot log at level "loud": expected one of trace, /,
  );
});

Deno.test("Logger.child() adds fields and keeps the rest", () => {
  const { records, log } = recording({ name: "shop", fields: { region: "eu", order: 0 } });
  log.child({ order: 1 }).child({ item: 2 }, { name: "cart" }).info("added", { item: 3 });
  assert.deepEqual(records[0]?.fields, { region: "eu", order: 1, item: 3 });
  assert.equal(records[0]?.logger, "cart");
});

Deno.test("Logger stamps records with the span they are made in", async () => {
  using telemetry = inMemoryTelemetry();
  const { records, log } = recording();
  log.info("outside");
  await withSpan("work", async () => {
    await Promise.resolve();
    log.info("inside");
  });
  const [span] = telemetry.spans();
  assert.equal(records[0]?.traceId, undefined);
  assert.equal(records[1]?.traceId, span?.traceId);
  assert.equal(records[1]?.spanId, span?.spanId);
});

Deno.test("Logger goes on when a sink throws", () => {
  const heard: string[] = [];
  const log = createLogger({
    sinks: [
      () => {
        throw new Error("disk full");
      },
      (record) => heard.push(record.message),
    ],
  });
  log.info("still here");
  assert.deepEqual(heard, ["still here"]);
});

function record(fields: Record<string, unknown>): LogRecord {
  return { time: new Date(0), level: "info", message: "m", logger: "shop", fields };
}

Deno.test("formatJson() writes one line whatever the fields hold", () => {
  const circular: Record<string, unknown> = { name: "c" };
  circular.self = circular;
  const error = new TypeError("outer", { cause: new Error("inner") });
  const fields = {
    circular,
    big: 2n ** 70n,
    nan: NaN,
    date: new Date(0),
    invalid: new Date(NaN),
    map: new Map([["a", 1]]),
    set: new Set([1]),
    fn: () => 1,
    level: "mine",
    missing: undefined,
    error,
    get trap() {
      return {
        get x() {
          throw new Error("getter");
        },
      };
    },
  };
  const line = formatJson(record(fields));
  assert.ok(!line.includes("\n"));
  const parsed = JSON.parse(line);
  assert.equal(parsed.time, "1970-01-01T00:00:00.000Z");
  assert.equal(parsed.level, "info");
  assert.equal(parsed["fields.level"], "mine");
  assert.deepEqual(parsed.circular, { name: "c", self: "[circular]" });
  assert.equal(parsed.big, "1180591620717411303424");
  assert.equal(parsed.nan, "NaN");
  assert.equal(parsed.invalid, "Invalid Date");
  assert.deepEqual(parsed.map, { a: 1 });
  assert.deepEqual(parsed.set, [1]);
  assert.equal(parsed.error.name, "TypeError");
  assert.equal(parsed.error.cause.message, "inner");
  assert.deepEqual(parsed.trap, { x: "[threw getter]" });
});

Deno.test("formatPretty() is for a person", () => {
  assert.equal(
    formatPretty({
      ...record({ order: "o-1", total: 2 }),
      traceId: "0af7651916cd43dd8448eb211c80319c",
    }),
    '1970-01-01T00:00:00.000Z INFO  shop: m order="o-1" total=2 trace=0af7651916cd43dd8448eb211c80319c',
  );
});

Deno.test("formatJson() and formatPretty() keep a line short, whatever was logged", () => {
  const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [index, index]));
  const long = { ...record(fields), message: "m".repeat(1_000_000) };
  for (const line of [formatJson(long), formatPretty(long)]) {
    assert.ok(line.length < 30_000, `${line.length}`);
    assert.match(line, /more characters\]/);
  }
});

Deno.test("formatPretty() lets no text from outside begin a line or move the cursor", () => {
  const line = formatPretty({
    ...record({ "key\n": "value\n" }),
    message: "first\n2026 INFO forged \u001b[2J\u009b",
  });
  assert.equal(line.includes("\n"), false);
  assert.ok(line.includes('first\\n2026 INFO forged \\u001b[2J\\u009b key\\n="value\\n"'), line);
});

Deno.test("Logger logs the message when its fields cannot be read", () => {
  const { records, log } = recording({ fields: { own: 1 } });
  log.info("still here", {
    get broken() {
      throw new Error("getter");
    },
  });
  assert.deepEqual(records[0]?.fields, { own: 1, fields: "[threw getter]" });
});
