import assert from "node:assert/strict";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { suppressTracing } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor, SdkLogRecord } from "@opentelemetry/sdk-logs";
import {
  EchelonLoggerProvider,
  type EchelonLoggerProviderOptions,
} from "../../../telemetry-sdk/logs/provider.ts";

const LIMITS = { attributeCountLimit: 128, attributeValueLengthLimit: 4096 };

function providerOf(options: Partial<EchelonLoggerProviderOptions> = {}) {
  const records: SdkLogRecord[] = [];
  const collector: LogRecordProcessor = {
    onEmit: (record) => void records.push(record),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const provider = new EchelonLoggerProvider({
    resource: resourceFromAttributes({}),
    limits: LIMITS,
    processors: [collector],
    ...options,
  });
  return { provider, records, logger: provider.getLogger("test"), collector };
}

Deno.test("EchelonLoggerProvider drops what is less grave than its least severity, which may change", () => {
  const { provider, records, logger } = providerOf({ minimumSeverity: "warn" });
  const emit = (severityNumber?: SeverityNumber) =>
    logger.emit({ body: "b", ...(severityNumber !== undefined && { severityNumber }) });
  emit(SeverityNumber.INFO);
  emit(SeverityNumber.WARN);
  assert.equal(records.length, 1);
  assert.equal(logger.enabled({ severityNumber: SeverityNumber.INFO }), false);
  emit();
  assert.equal(records.length, 2, "one that does not say how grave it is passes");
  provider.minimumSeverity = "debug";
  emit(SeverityNumber.INFO);
  emit(SeverityNumber.TRACE);
  assert.equal(records.length, 3);
  assert.equal(logger.enabled({ severityNumber: SeverityNumber.INFO }), true);
});

Deno.test("EchelonLogger records nothing in a suppressed context", () => {
  const { records, logger } = providerOf();
  const suppressed = suppressTracing(ROOT_CONTEXT);
  logger.emit({ body: "b", context: suppressed });
  assert.equal(logger.enabled({ context: suppressed }), false);
  assert.equal(records.length, 0);
});

Deno.test("EchelonLogger drops what a processor logs of a record, and counts it", () => {
  const bodies: unknown[] = [];
  const { provider, logger } = providerOf({
    processors: [{
      onEmit(record) {
        bodies.push(record.body);
        logger.emit({ body: `again ${record.body}` });
      },
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    }],
  });
  logger.emit({ body: "one" });
  logger.emit({ body: "two" });
  assert.deepEqual(bodies, ["one", "two"]);
  assert.deepEqual(provider.lost, { invalid: 2, shutdown: 0 });
});

Deno.test("EchelonLogger writes an exception by its class, and what is said explicitly wins", () => {
  const { records, logger } = providerOf();
  const cause = new Error("inner");
  const exception = Object.assign(new TypeError("outer", { cause }), { code: "ECONNREFUSED" });
  logger.emit({ body: "b", exception, attributes: { "exception.message": "mine" } });
  logger.emit({ body: "b", exception: "thrown text" });
  const [first, second] = records.map(({ attributes }) => attributes);
  assert.equal(first?.["exception.type"], "TypeError");
  assert.equal(first?.["exception.message"], "mine");
  assert.match(String(first?.["exception.stacktrace"]), /outer[\s\S]*\nCaused by: Error: inner/);
  assert.deepEqual(second, { "exception.message": "thrown text" });
});

Deno.test("EchelonLogger keeps a copy of what was logged", () => {
  const { records, logger } = providerOf();
  const order = { items: ["tea"] };
  logger.emit({ body: order, attributes: { order } });
  order.items.push("milk");
  assert.deepEqual(records[0]?.body, { items: ["tea"] });
  assert.deepEqual(records[0]?.attributes, { order: { items: ["tea"] } });
});

Deno.test("EchelonLogger never throws, whatever it is given", () => {
  const { provider, logger } = providerOf();
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const hostile = new Proxy({}, {
    get() {
      throw new Error("trap");
    },
    ownKeys() {
      throw new Error("trap");
    },
  });
  for (
    const record of [undefined, null, 7, hostile, { attributes: hostile, body: hostile }, {
      body: deep,
      attributes: { deep },
    }, { timestamp: [1, 2, 3], context: 7 }]
  ) {
    logger.emit(record as never);
    logger.enabled(record as never);
  }
  assert.equal(provider.lost.invalid > 0, true);
  for (const name of [undefined, null, 7, Symbol("s"), hostile]) {
    provider.getLogger(name as never, hostile as never).emit({ body: "b" });
  }
});

Deno.test("EchelonLoggerProvider gives the same logger for the same scope", () => {
  const { provider } = providerOf();
  const options = { schemaUrl: "https://schema.test" };
  assert.equal(provider.getLogger("a", "1", options), provider.getLogger("a", "1", options));
  assert.notEqual(provider.getLogger("a", "1"), provider.getLogger("a", "2"));
});

Deno.test("EchelonLoggerProvider.shutdown() shuts down once and refuses what comes later", async () => {
  let shutdowns = 0;
  const { provider, logger } = providerOf({
    processors: [{
      onEmit() {},
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(void shutdowns++),
    }],
  });
  await Promise.all([provider.shutdown(), provider.shutdown()]);
  assert.equal(shutdowns, 1);
  logger.emit({ body: "late" });
  assert.equal(logger.enabled(), false);
  context.with(ROOT_CONTEXT, () => provider.getLogger("new").emit({ body: "late" }));
  assert.deepEqual(provider.lost, { invalid: 0, shutdown: 2 });
});
