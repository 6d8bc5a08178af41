// Imports the set-up, records one trace and one metric, then ends in the way that its argument names.
import "../../../telemetry-sdk/register.ts";
import { metrics, trace } from "@opentelemetry/api";
import type { ProcessLifecycle } from "../../../telemetry-sdk/mod.ts";

const tracer = trace.getTracer("program");
metrics.getMeter("program").createCounter("starts").add(1);
tracer.startActiveSpan("parent", (parent) => {
  tracer.startSpan("child").end();
  parent.end();
});

const lifecycleKey = Symbol.for("@echelon/lifecycle");
const holder: typeof globalThis & { [lifecycleKey]?: ProcessLifecycle } = globalThis;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function stayAlive(): void {
  setInterval(() => {}, 1000);
  print("ready");
}

switch (Deno.args[0]) {
  case "wait":
    stayAlive();
    break;
  case "drain":
    holder[lifecycleKey]?.drains.add((deadline) => {
      tracer.startSpan("drained").end();
      print(`drained, aborted: ${deadline.aborted}`);
      return Promise.resolve();
    });
    stayAlive();
    break;
  case "drain for ever":
    holder[lifecycleKey]?.drains.add(() => new Promise(() => {}));
    stayAlive();
    break;
  case "throw":
    throw new TypeError("thrown at the top");
  case "throw later":
    setTimeout(() => {
      throw new TypeError("thrown in a callback");
    });
    break;
  case "reject":
    stayAlive();
    void Promise.reject(new TypeError("rejected"));
    break;
  case "handled":
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      print("handled");
    });
    void Promise.reject(new TypeError("rejected"));
    break;
  default:
    print("done");
}
