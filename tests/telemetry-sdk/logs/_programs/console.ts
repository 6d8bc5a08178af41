// deno-lint-ignore-file no-console -- it is what the test is about
// Writes to the console and logs, in a span and outside of it, then ends; the argument says what becomes of the console.
import { trace } from "@opentelemetry/api";
import { createLogger } from "../../../../framework/mod.ts";
import { type ConsoleMode, startTelemetry } from "../../../../telemetry-sdk/mod.ts";

const [mode] = Deno.args;
startTelemetry({
  metrics: { exporters: [] },
  // Whatever else the test may pass, telemetry refuses with one line.
  ...(mode !== undefined && { logs: { console: mode as ConsoleMode } }),
});

const log = createLogger({ name: "shop", format: "json" });
console.log("outside %s", "any span", { n: 1 });
trace.getTracer("program").startActiveSpan("work", (span) => {
  console.error("failed:", new TypeError("no tea"));
  log.warn("low on tea", { left: 2, error: new RangeError("too few") });
  span.end();
});
console.assert(true, "not said");
console.dir({ left: "alone" });
