// Records one trace and one metric under a deadline that a hanging receiver cannot meet.
import { metrics, trace } from "@opentelemetry/api";
import { startTelemetry } from "../../../telemetry-sdk/mod.ts";

startTelemetry({ shutdownTimeoutMillis: 100 });
metrics.getMeter("program").createCounter("starts").add(1);
const tracer = trace.getTracer("program");
tracer.startSpan("one").end();
tracer.startSpan("two").end();
