import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";

Deno.test("waitForSpan() gives a span that has ended, or waits until one does", async () => {
  using telemetry = startTestTelemetry();
  const span = trace.getTracer("shop").startSpan("job");
  const waiting = telemetry.waitForSpan("job");
  trace.getTracer("shop").startSpan("other").end();
  setTimeout(() => span.setAttribute("attempt", 2).end(), 0);
  assert.equal((await waiting).attributes["attempt"], 2);
  assert.equal((await telemetry.waitForSpan(({ name }) => name === "job")).name, "job");
});

Deno.test("waitForLog() waits for a record", async () => {
  using telemetry = startTestTelemetry();
  setTimeout(() => logs.getLogger("shop").emit({ body: "order 7 shipped" }), 0);
  assert.equal((await telemetry.waitForLog("shipped")).body, "order 7 shipped");
});

Deno.test("waitForSpan() says at its timeout what there is instead", async () => {
  using telemetry = startTestTelemetry();
  trace.getTracer("shop").startSpan("job").end();
  trace.getTracer("shop").startSpan("slow");
  await assert.rejects(telemetry.waitForSpan("slow", { timeoutMillis: 1 }), {
    message: 'Nothing after 1 ms: No span "slow"; there is "job"; not ended: "slow"',
  });
});

Deno.test("waitForSpan() is refused when the telemetry is disposed of, and leaves no timer", async () => {
  const telemetry = startTestTelemetry();
  const waiting = telemetry.waitForSpan("never");
  telemetry[Symbol.dispose]();
  await assert.rejects(waiting, /^Error: The test telemetry was disposed of: No span "never"/);
  await assert.rejects(telemetry.waitForSpan("never"), /disposed of/);
});

Deno.test("waitForSpan() passes on what a predicate throws", async () => {
  using telemetry = startTestTelemetry();
  const waiting = telemetry.waitForSpan(() => {
    throw new RangeError("too far");
  });
  trace.getTracer("shop").startSpan("job").end();
  await assert.rejects(waiting, { name: "RangeError", message: "too far" });
});
