import { withSpan } from "../framework/telemetry/otel.ts";
import { asyncWork, options, work } from "./_work.ts";

const sync = { group: "withSpan with no SDK, synchronous" };
const async = { group: "withSpan with no SDK, asynchronous" };

Deno.bench("synchronous: the function alone", { ...sync, baseline: true }, () => work());
Deno.bench("synchronous: withSpan", sync, () => withSpan("work", options, work));

Deno.bench("asynchronous: the function alone", { ...async, baseline: true }, () => asyncWork());
Deno.bench("asynchronous: withSpan", async, () => withSpan("work", options, asyncWork));
