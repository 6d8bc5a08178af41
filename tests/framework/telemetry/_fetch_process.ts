// Has `fetch` traced before the SDK is even loaded, and then makes one request and exports it twice.
import { processLifecycle } from "../../../framework/lifecycle.ts";
import { traceFetch } from "../../../framework/telemetry/http_client_global.ts";

traceFetch();
await import("../../../telemetry-sdk/register.ts");
const target = Deno.env.get("TARGET") ?? "";
await (await fetch(target)).body?.cancel();
// A second time, for what the first export would have been seen as.
await processLifecycle().telemetry?.forceFlush();
await processLifecycle().telemetry?.forceFlush();
