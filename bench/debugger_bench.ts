import { trace } from "@opentelemetry/api";
import { Debugger } from "../framework/debugger/debugger.ts";
import { DebuggerOTelBridge } from "../framework/debugger/otel_bridge.ts";
import { withSpan } from "../framework/telemetry/otel.ts";
import { registerSdk } from "./_telemetry.ts";
import { asyncWork, work } from "./_work.ts";

registerSdk();

const idle = new Debugger();
const bridged = new Debugger();
const bridge = new DebuggerOTelBridge(trace.getTracer("bench"));
bridged.addScope(bridge);
bridged.addListener(bridge);

const data = { name: "auth", index: 0 };
const fact = { type: "cache:miss", data: { key: "order:7" } } as const;
const spanOptions = { attributes: { "middleware.name": "auth", "middleware.index": 0 } };

const kinds = [["synchronous", work], ["asynchronous", asyncWork]] as const;
for (const [kind, fn] of kinds) {
  const nobody = { group: `run with nobody attached, ${kind}` };
  Deno.bench(`${kind}: the function alone`, { ...nobody, baseline: true }, () => fn());
  Deno.bench(`${kind}: run, idle`, nobody, () => idle.run("middleware", data, fn));

  const spans = { group: `run with the bridge and an SDK, ${kind}` };
  Deno.bench(
    `${kind}: withSpan`,
    { ...spans, baseline: true },
    () => withSpan<unknown>("middleware.auth", spanOptions, fn) as void | Promise<void>,
  );
  Deno.bench(`${kind}: run, bridged`, spans, () => bridged.run("middleware", data, fn));
}

const facts = { group: "emit" };
Deno.bench("emit: nothing", { ...facts, baseline: true }, () => {});
Deno.bench("emit: idle", facts, () => idle.emit(fact));
Deno.bench("emit: bridged, outside a span", facts, () => bridged.emit(fact));
