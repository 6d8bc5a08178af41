import assert from "node:assert/strict";
import { diag } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { IsolatedLogRecordProcessor } from "../../../telemetry-sdk/logs/isolated_log_processor.ts";
import { EchelonLoggerProvider } from "../../../telemetry-sdk/logs/provider.ts";

function fail(method: string): never {
  throw new Error(method);
}

const broken: LogRecordProcessor = {
  onEmit: () => fail("onEmit"),
  enabled: () => fail("enabled"),
  forceFlush: () => fail("forceFlush"),
  shutdown: () => Promise.reject(new Error("shutdown")),
};

Deno.test("IsolatedLogRecordProcessor keeps a processor's failures from logs, flush and shutdown", async () => {
  const reported: string[] = [];
  const note = (message: string, error: unknown) => void reported.push(`${message}: ${error}`);
  const ignore = () => {};
  diag.setLogger({ error: note, warn: ignore, info: ignore, debug: ignore, verbose: ignore });
  const bodies: unknown[] = [];
  const provider = new EchelonLoggerProvider({
    resource: resourceFromAttributes({}),
    limits: { attributeCountLimit: 128, attributeValueLengthLimit: 4096 },
    processors: [new IsolatedLogRecordProcessor(broken), {
      onEmit: ({ body }) => void bodies.push(body),
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    }],
  });
  const logger = provider.getLogger("test");
  assert.equal(logger.enabled(), true);
  logger.emit({ body: "kept" });
  await provider.forceFlush();
  await provider.shutdown();
  diag.disable();
  assert.deepEqual(bodies, ["kept"]);
  for (const method of ["onEmit", "enabled", "forceFlush", "shutdown"]) {
    assert.ok(
      reported.includes(`A log record processor failed in ${method}(): Error: ${method}`),
      reported.join("; "),
    );
  }
});

Deno.test("IsolatedLogRecordProcessor passes on which records a processor wants", () => {
  const wants = new IsolatedLogRecordProcessor({
    ...broken,
    enabled: ({ severityNumber = 0 }) => severityNumber > 9,
  });
  const provider = new EchelonLoggerProvider({
    resource: resourceFromAttributes({}),
    limits: { attributeCountLimit: 128, attributeValueLengthLimit: 4096 },
    processors: [wants],
  });
  const logger = provider.getLogger("test");
  assert.equal(logger.enabled({ severityNumber: 9 }), false);
  assert.equal(logger.enabled({ severityNumber: 13 }), true);
});
