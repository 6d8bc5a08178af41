/**
 * Serves 100,000 requests' worth of operations with everything attached, and prints the memory that
 * the process holds after the first tenth and at the end.
 */
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { Debugger } from "../../../framework/debugger/debugger.ts";
import { DebuggerOTelBridge } from "../../../framework/debugger/otel_bridge.ts";
import { RequestTimelines } from "../../../framework/debugger/timeline.ts";
import {
  deleteRequestContext,
  setRequestContext,
} from "../../../framework/telemetry/otel_context.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";

declare const gc: () => void;

const REQUESTS = 100_000;
const CONCURRENT = 100;

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider());
const dbg = new Debugger();
const bridge = new DebuggerOTelBridge(trace.getTracer("test"));
dbg.addScope(bridge);
dbg.addListener(bridge);
dbg.addListener(new RequestTimelines());

async function serve(requestId: string): Promise<void> {
  await withSpan("request", { root: true }, async (span) => {
    setRequestContext(requestId, trace.setSpan(ROOT_CONTEXT, span));
    dbg.emit({ type: "request:start", requestId, data: { method: "GET", path: `/${requestId}` } });
    await dbg.run("middleware", { name: "auth", index: 0 }, async () => {
      await Promise.resolve();
      return dbg.run("controller", { route: "/:id" }, () => {
        dbg.emit({ type: "cache:miss", data: { key: requestId } });
        // Neither is ever closed; the second's request does not even end.
        dbg.emit({ type: "middleware:enter", data: { name: "left open", index: 1 } });
        dbg.emit({ type: "controller:enter", requestId: `other-${requestId}`, data: {} });
        return Promise.resolve();
      });
    }, { requestId });
    dbg.emit({ type: "request:end", requestId, data: { status: 200 } });
    deleteRequestContext(requestId);
  });
}

async function serveUntil(from: number, to: number): Promise<Deno.MemoryUsage> {
  for (let n = from; n < to; n += CONCURRENT) {
    await Promise.all(Array.from({ length: CONCURRENT }, (_, index) => serve(`r-${n + index}`)));
    // Often: what the process holds is else what the collector happens to have left for later.
    if (n % 1_000 === 0) gc();
  }
  gc();
  return Deno.memoryUsage();
}

const early = await serveUntil(0, REQUESTS / 10);
const late = await serveUntil(REQUESTS / 10, REQUESTS);
const open = bridge.activeSpans.size;
// deno-lint-ignore no-console -- what the test reads.
console.log(`result ${JSON.stringify({ early, late, open })}`);
Deno.exit(0);
