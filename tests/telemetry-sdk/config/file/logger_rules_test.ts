import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace, TraceFlags } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { LogDestinations } from "../../../../telemetry-sdk/logs/log_destinations.ts";
import { readFile, versioned } from "./_file.ts";

function logs(configurator: string) {
  const { config } = readFile(versioned(
    "logger_provider:\n  processors: [ simple: { exporter: { console: } } ]\n" +
      `  logger_configurator/development:\n${configurator}\n`,
  ));
  const [destination] = config.logs?.exporters ?? [];
  assert.ok(typeof destination === "object" && "batch" in destination);
  return { minimumSeverity: config.logs?.minimumSeverity, filter: destination.filter };
}

Deno.test("configFromFile() has one severity for all loggers be the option that can be followed", () => {
  assert.deepEqual(logs("    default_config: { minimum_severity: warn }"), {
    minimumSeverity: "warn",
    filter: undefined,
  });
  assert.deepEqual(logs("    default_config: {}"), {
    minimumSeverity: undefined,
    filter: undefined,
  });
});

Deno.test("configFromFile() keeps or drops log records by their logger", async () => {
  const { minimumSeverity, filter } = logs(`
    default_config: { enabled: false }
    loggers:
      - name: shop.debug
        config: { minimum_severity: debug }
      - name: shop.*
        config: { minimum_severity: error }
      - name: trace?
        config: { trace_based: true }
`);
  assert.equal(minimumSeverity, undefined);
  const exporter = new InMemoryLogRecordExporter();
  const processor = new SimpleLogRecordProcessor({ exporter });
  const provider = new LoggerProvider({
    processors: [new LogDestinations([{ processor, filter }])],
  });
  const emit = (name: string, severityNumber?: SeverityNumber, traceFlags?: TraceFlags) =>
    provider.getLogger(name).emit({
      body: `${name} ${severityNumber} ${traceFlags}`,
      ...(severityNumber !== undefined && { severityNumber }),
      context: traceFlags === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, {
        traceId: "0".repeat(31) + "1",
        spanId: "0".repeat(15) + "1",
        traceFlags,
      }),
    });
  emit("other", SeverityNumber.FATAL);
  emit("shop.debug", SeverityNumber.TRACE);
  emit("shop.debug", SeverityNumber.DEBUG);
  emit("shop.cart", SeverityNumber.WARN);
  emit("shop.cart", SeverityNumber.ERROR);
  emit("shop.cart");
  emit("trace1", SeverityNumber.INFO);
  emit("trace1", SeverityNumber.INFO, TraceFlags.NONE);
  emit("trace1", SeverityNumber.INFO, TraceFlags.SAMPLED);
  const kept = exporter.getFinishedLogRecords().map(({ body }) => body);
  await provider.shutdown();
  assert.deepEqual(kept, [
    "shop.debug 5 undefined",
    "shop.cart 17 undefined",
    "shop.cart undefined undefined",
    "trace1 9 undefined",
    "trace1 9 1",
  ]);
});
