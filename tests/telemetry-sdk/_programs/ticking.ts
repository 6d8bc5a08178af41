// Imports the set-up and makes a span and a log record every few milliseconds, until it is told to end.
import "../../../telemetry-sdk/register.ts";
import { trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";

setInterval(() => {
  trace.getTracer("program").startSpan("tick").end();
  logs.getLogger("program").emit({ severityNumber: SeverityNumber.INFO, body: "tick" });
}, 20);
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
