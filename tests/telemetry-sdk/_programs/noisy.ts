// Misuses the API a thousand times, the way a faulty application would.
import { diag, trace } from "@opentelemetry/api";
import { startTelemetry } from "../../../telemetry-sdk/mod.ts";

startTelemetry({ traces: { exporters: ["console"] }, metrics: { exporters: [] } });
for (let i = 0; i < 1000; i++) {
  trace.getTracer("program").startSpan("span").setAttribute("", i);
  diag.warn(`different each time: ${i}`);
  diag.debug("below the level");
}
