import assert from "node:assert/strict";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { startReceiver } from "../../_otlp_receiver.ts";
import { endedSpan } from "../_spans.ts";
import { destination, logsTo } from "./_pipeline.ts";

const SCOPE = { name: "test", version: "1.2.3" };

for (const protocol of ["http/protobuf", "http/json"] as const) {
  for (const transport of ["fetch", "node"] as const) {
    Deno.test(`createLogs() exports records as ${protocol} by ${transport}`, async () => {
      await using receiver = startReceiver();
      const logs = logsTo(receiver.url, { otlp: { protocol, transport, compression: "gzip" } });
      const logger = logs.provider.getLogger(SCOPE.name, SCOPE.version, {
        schemaUrl: "https://schema.test",
      });
      const span = trace.wrapSpanContext(endedSpan("request").spanContext());
      logger.emit({
        timestamp: 1_700_000_000_000,
        severityNumber: SeverityNumber.WARN,
        severityText: "warn",
        eventName: "stock.low",
        body: "little is left",
        attributes: { item: "tea", left: 2, ratio: 0.5, where: { shelf: [1, null] }, ok: true },
        context: trace.setSpan(ROOT_CONTEXT, span),
      });
      await logs.shutdown();
      const [record, ...others] = receiver.logs();
      assert.deepEqual(others, []);
      assert.equal(record?.time, 1_700_000_000_000_000_000n);
      assert.ok(record.observedTime > record.time);
      assert.equal(record.severityNumber, 13);
      assert.equal(record.severityText, "warn");
      assert.equal(record.eventName, "stock.low");
      assert.equal(record.body, "little is left");
      assert.deepEqual(record.attributes, {
        item: "tea",
        left: 2,
        ratio: 0.5,
        where: { shelf: [1, null] },
        ok: true,
      });
      assert.equal(record.traceId, span.spanContext().traceId);
      assert.equal(record.spanId, span.spanContext().spanId);
      assert.deepEqual(record.resource, { "service.name": "shop" });
      assert.equal(record.scope.name, SCOPE.name);
      assert.equal(record.scope.version, SCOPE.version);
      assert.equal(logs.stats().exported, 1);
      assert.equal(logs.lost().count, 0);
    });
  }
}

Deno.test("createLogs() delivers 10,000 records from many tasks exactly once, each in its own span", async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    await using receiver = startReceiver({ delayMillis: 5 });
    const logs = logsTo(receiver.url, { batch: { maxQueueSize: 20_000 } });
    const logger = logs.provider.getLogger("load");
    const expected = new Map<string, string>();
    await Promise.all(Array.from({ length: 100 }, async (_, task) => {
      const spanContext = endedSpan(`task ${task}`).spanContext();
      const active = trace.setSpanContext(ROOT_CONTEXT, spanContext);
      await context.with(active, async () => {
        for (let index = 0; index < 100; index++) {
          const body = `${task}/${index}`;
          expected.set(body, spanContext.traceId);
          logger.emit({ body });
          if (index % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
        }
      });
    }));
    await logs.shutdown();
    const received = receiver.logs();
    assert.equal(received.length, 10_000);
    assert.deepEqual(
      new Map(received.map(({ body, traceId }) => [body, traceId])),
      expected,
    );
    assert.deepEqual(logs.stats().exported, 10_000);
  } finally {
    context.disable();
  }
});

for (const protocol of ["http/protobuf", "http/json"] as const) {
  Deno.test(`createLogs() takes bad data as ${protocol}, and loses nothing beside it`, async () => {
    await using receiver = startReceiver();
    const logs = logsTo(receiver.url, { otlp: { protocol } });
    const logger = logs.provider.getLogger("bad data");
    const circular: Record<string, unknown> = { name: "c" };
    circular["self"] = circular;
    // deno-lint-ignore no-explicit-any
    const emit = (record: any) => logger.emit(record);
    emit({ body: "first" });
    emit({ body: circular, attributes: { circular } });
    emit({ body: 2n ** 80n, attributes: { big: 2n ** 80n, small: 7n } });
    emit({
      body: NaN,
      attributes: { nan: NaN, infinite: -Infinity, huge: 1e300, unsafe: 2 ** 60 },
    });
    emit({ body: "half \ud800", attributes: { "key\udfff": "\ud800" } });
    emit({ body: "x".repeat(1_000_000), attributes: { long: "y".repeat(10_000) } });
    emit({ body: "time", timestamp: new Date(NaN), severityNumber: 99, severityText: 7 });
    emit({ body: "time", timestamp: "now", observedTimestamp: NaN });
    emit({
      body: "getter",
      attributes: {
        get broken() {
          throw new Error("getter");
        },
        kept: 1,
      },
    });
    emit({
      body: "many",
      attributes: Object.fromEntries(Array(200).fill(0).map((_, i) => [i, i])),
    });
    emit(null);
    emit({ body: "last" });
    await logs.shutdown();

    const received = receiver.logs();
    assert.equal(receiver.requests.filter(({ problem }) => problem !== undefined).length, 0);
    assert.deepEqual(received.map(({ body }) => typeof body === "string" ? body.length : body), [
      "first".length,
      { name: "c", self: "[circular]" },
      String(2n ** 80n).length,
      "NaN".length,
      "half \ufffd".length,
      65_536,
      "time".length,
      "time".length,
      "getter".length,
      "many".length,
      "last".length,
    ]);
    assert.deepEqual(received[1]?.attributes, { circular: { name: "c", self: "[circular]" } });
    assert.deepEqual(received[2]?.attributes, { big: String(2n ** 80n), small: 7 });
    assert.deepEqual(received[3]?.attributes, {
      nan: "NaN",
      infinite: "-Infinity",
      huge: "1e+300",
      unsafe: String(2 ** 60),
    });
    assert.deepEqual(received[4]?.attributes, { "key\ufffd": "\ufffd" });
    assert.equal(String(received[5]?.attributes["long"]).length, 4096);
    assert.equal(received[6]?.severityNumber, 0);
    assert.equal(received[6]?.severityText, "7");
    assert.ok(received.every(({ time }) => time > 1_700_000_000_000_000_000n));
    assert.deepEqual(received[8]?.attributes, { broken: "[unreadable]", kept: 1 });
    assert.equal(Object.keys(received[9]?.attributes ?? {}).length, 128);
    assert.equal(received[9]?.droppedAttributes, 72);
    assert.equal(logs.stats().dropped.invalid, 1, "the record that is none");
  });
}

Deno.test("createLogs() isolates a processor of the application's, and mends what it makes of records", async () => {
  await using receiver = startReceiver();
  const failing: LogRecordProcessor = {
    onEmit(record) {
      record.setAttribute("added", "by processor");
      // A body as no type would let through: a processor may set anything.
      record.setBody({ big: 1n } as never);
      throw new Error("onEmit");
    },
    forceFlush: () => Promise.reject(new Error("forceFlush")),
    shutdown: () => Promise.reject(new Error("shutdown")),
    enabled: () => {
      throw new Error("enabled");
    },
  };
  const logs = logsTo(receiver.url, { processors: [failing] });
  const logger = logs.provider.getLogger("test");
  assert.equal(logger.enabled(), true);
  logger.emit({ body: "one" });
  await logs.forceFlush();
  assert.deepEqual(receiver.logs().map(({ body, attributes }) => ({ body, attributes })), [
    { body: { big: 1 }, attributes: { added: "by processor" } },
  ]);
  await logs.shutdown();
});

Deno.test("createLogs() gives each destination what its filter lets through", async () => {
  await using receiver = startReceiver();
  await using second = startReceiver();
  const logs = logsTo(receiver.url, {
    destinations: [
      destination(receiver.url, {
        filter: () => {
          throw new Error("filter");
        },
      }),
      destination(second.url, { filter: ({ severityNumber = 0 }) => severityNumber >= 17 }),
    ],
  });
  const logger = logs.provider.getLogger("test");
  logger.emit({ body: "light", severityNumber: SeverityNumber.INFO });
  logger.emit({ body: "grave", severityNumber: SeverityNumber.ERROR });
  await logs.shutdown();
  assert.deepEqual(receiver.logs().map(({ body }) => body), ["light", "grave"]);
  assert.deepEqual(second.logs().map(({ body }) => body), ["grave"]);
});

Deno.test("createLogs() asks the hook about every attribute, also a nested one", async () => {
  await using receiver = startReceiver();
  const asked: string[] = [];
  const logs = logsTo(receiver.url, {
    redactAttribute: (key, value) => {
      asked.push(key);
      if (key === "user.password") return undefined;
      if (key === "broken") throw new Error("hook");
      return key === "items.card" ? "REDACTED" : value;
    },
  });
  logs.provider.getLogger("test").emit({
    body: "paid",
    attributes: {
      broken: "secret",
      user: { password: "p", name: "n" },
      items: [{ card: 1 }],
      tags: ["a", "b"],
      raw: new Uint8Array([1, 2]),
    },
  });
  await logs.shutdown();
  assert.deepEqual(asked, ["broken", "user.password", "user.name", "items.card", "tags", "raw"]);
  assert.deepEqual(receiver.logs()[0]?.attributes, {
    user: { name: "n" },
    items: [{ card: "REDACTED" }],
    tags: ["a", "b"],
    raw: new Uint8Array([1, 2]),
  });
});

Deno.test("createLogs() takes what is logged while it flushes, and counts what comes later", async () => {
  let during = () => {};
  await using receiver = startReceiver({
    respond: () => {
      during();
      return undefined;
    },
  });
  const logs = logsTo(receiver.url);
  const logger = logs.provider.getLogger("test");
  logger.emit({ body: "before" });
  during = () => {
    during = () => {};
    logger.emit({ body: "during" });
  };
  await logs.shutdown();
  logger.emit({ body: "after" });
  assert.deepEqual(receiver.logs().map(({ body }) => body), ["before", "during"]);
  assert.equal(logs.stats().dropped.shutdown, 1);
  assert.deepEqual(logs.lost(), { count: 1, unit: "log record" });
});

Deno.test("createLogs() counts what a receiver that hangs keeps from arriving", async () => {
  await using receiver = startReceiver({ respond: () => new Promise(() => {}) });
  const logs = logsTo(receiver.url);
  logs.provider.getLogger("test").emit({ body: "one" });
  logs.provider.getLogger("test").emit({ body: "two" });
  const done = logs.shutdown();
  await receiver.waitFor(({ requests }) => requests.length === 1);
  logs.abandon();
  await done;
  assert.deepEqual(logs.lost(), { count: 2, unit: "log records" });
});

Deno.test("createLogs() tells of an outage once, and of its end with the number of lost records", async () => {
  let status = 400;
  await using receiver = startReceiver({
    respond: () => status === 200 ? undefined : new Response("no", { status }),
  });
  const lines: string[] = [];
  const logs = logsTo(receiver.url, { say: (line) => lines.push(line) });
  const logger = logs.provider.getLogger("test");
  for (const body of ["one", "two"]) {
    logger.emit({ body });
    await logs.forceFlush();
  }
  status = 200;
  logger.emit({ body: "three" });
  await logs.shutdown();
  assert.equal(lines.length, 2, lines.join("\n"));
  assert.match(lines[0] ?? "", /^export of log records to .* is failing since .*: .*400/);
  assert.match(lines[1] ?? "", /works again; 2 log records were dropped meanwhile$/);
  assert.deepEqual(receiver.logs().map(({ body }) => body), ["three"]);
});

Deno.test({
  name: "createLogs() needs no permission but the way to the receiver",
  permissions: { net: ["127.0.0.1"] },
  async fn() {
    await using receiver = startReceiver();
    const logs = logsTo(receiver.url);
    logs.provider.getLogger("test").emit({ body: "one" });
    await logs.shutdown();
    assert.deepEqual(receiver.logs().map(({ body }) => body), ["one"]);
  },
});
