import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";

Deno.test("logs() tells what was logged, and during which span", () => {
  using telemetry = startTestTelemetry();
  trace.getTracer("shop").startActiveSpan("checkout", (span) => {
    logs.getLogger("shop").emit({
      severityNumber: SeverityNumber.WARN,
      severityText: "warning",
      body: "card refused",
      attributes: { "card.kind": "debit", reasons: [1, { deep: true }] },
    });
    span.end();
  });
  logs.getLogger("shop").emit({ body: { orders: 3 }, eventName: "day.closed" });
  const [refused, closed] = telemetry.logs();
  const span = telemetry.findSpan("checkout");
  const { time: _time, resource: _resource, ...rest } = refused ?? assert.fail();
  assert.deepEqual(rest, {
    severity: "WARN",
    severityText: "warning",
    body: "card refused",
    attributes: { "card.kind": "debit", reasons: [1, { deep: true }] },
    eventName: undefined,
    traceId: span.traceId,
    spanId: span.spanId,
    logger: "shop",
  });
  assert.deepEqual(
    [closed?.body, closed?.eventName, closed?.severity, closed?.spanId],
    [{ orders: 3 }, "day.closed", undefined, undefined],
  );
});

Deno.test("findLog() finds one record by a part of its body or a predicate, and says what there is instead", () => {
  using telemetry = startTestTelemetry();
  const logger = logs.getLogger("shop");
  logger.emit({ body: "card refused" });
  logger.emit({ body: { orders: 3 } });
  logger.emit({});
  assert.equal(telemetry.findLog("refused").body, "card refused");
  assert.deepEqual(telemetry.findLog('"orders":3').body, { orders: 3 });
  assert.equal(telemetry.findLog(({ body }) => body === undefined).body, undefined);
  assert.throws(() => telemetry.findLog("shipped"), {
    message: 'No log record "shipped"; there is "card refused", "{"orders":3}", ""',
  });
});
