import { withSpan } from "../framework/telemetry/otel.ts";
import { asyncWork, options, work } from "./_work.ts";

const sync = { group: "withSpan with no SDK, synchronous" };
const async = { group: "withSpan with no SDK, asynchronous" };

// Deno waits for a promise only where the benchmark itself is an async function.
Deno.bench("synchronous: the function alone", { ...sync, baseline: true }, () => work());
Deno.bench("synchronous: withSpan", sync, () => withSpan("work", options, work));

Deno.bench(
  "asynchronous: the function alone",
  { ...async, baseline: true },
  async () => await asyncWork(),
);
Deno.bench("asynchronous: withSpan", async, async () => await withSpan("work", options, asyncWork));
