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
  // Deno waits for a promise only where the benchmark itself is an async function.
  const bench = (name: string, group: Deno.BenchDefinition["group"], run: () => unknown) => ({
    name: `${kind}: ${name}`,
    group: `${group}, ${kind}`,
    fn: kind === "synchronous" ? () => void run() : async () => void await run(),
  });
  const nobody = "run with nobody attached";
  Deno.bench({ ...bench("the function alone", nobody, fn), baseline: true });
  Deno.bench(bench("run, idle", nobody, () => idle.run("middleware", data, fn)));

  const spans = "run with the bridge and an SDK";
  const direct = () => withSpan<unknown>("middleware.auth", spanOptions, fn);
  Deno.bench({ ...bench("withSpan", spans, direct), baseline: true });
  Deno.bench(bench("run, bridged", spans, () => bridged.run("middleware", data, fn)));
}

const facts = { group: "emit" };
Deno.bench("emit: nothing", { ...facts, baseline: true }, () => {});
Deno.bench("emit: idle", facts, () => idle.emit(fact));
Deno.bench("emit: bridged, outside a span", facts, () => bridged.emit(fact));
