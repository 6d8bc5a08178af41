import { trace } from "@opentelemetry/api";
import { startTestTelemetry } from "../../../../telemetry-sdk/testing.ts";

using telemetry = startTestTelemetry();
telemetry.waitForSpan("never").catch(() => {});
trace.getTracer("shop").startSpan("checkout").end();
// deno-lint-ignore no-console
console.log(telemetry.spanTree());
