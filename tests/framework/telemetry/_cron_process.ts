/** Registers a cron job within a span, and prints in which trace it runs. */
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { bindToRoot } from "../../../framework/telemetry/context_binding.ts";
import { getActiveSpan, withSpan } from "../../../framework/telemetry/otel.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider());

const tick = () => {
  // deno-lint-ignore no-console -- what the test reads.
  console.log(`ticked in ${getActiveSpan()?.spanContext().traceId ?? "no trace"}`);
  Deno.exit(0);
};

withSpan("start", () => {
  Deno.cron("tick", "* * * * *", bindToRoot(tick));
});
