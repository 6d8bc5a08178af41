import { trace } from "@opentelemetry/api";
import { withSpan } from "../framework/telemetry/otel.ts";
import { registerSdk } from "./_telemetry.ts";
import { asyncWork, options, work } from "./_work.ts";

registerSdk();
const tracer = trace.getTracer("bench");

const sync = { group: "withSpan with an SDK, synchronous" };
const async = { group: "withSpan with an SDK, asynchronous" };

Deno.bench("synchronous: the API by hand", { ...sync, baseline: true }, () => {
  tracer.startActiveSpan("work", options, (span) => {
    work();
    span.end();
  });
});
Deno.bench("synchronous: withSpan, recorded", sync, () => withSpan("work", options, work));

Deno.bench(
  "asynchronous: the API by hand",
  { ...async, baseline: true },
  async () =>
    await tracer.startActiveSpan("work", options, async (span) => {
      await asyncWork();
      span.end();
    }),
);
Deno.bench(
  "asynchronous: withSpan, recorded",
  async,
  async () => await withSpan("work", options, asyncWork),
);
