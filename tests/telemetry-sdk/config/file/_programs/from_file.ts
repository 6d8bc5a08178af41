// Starts telemetry with what a configuration file says, records of each signal, and ends.
import { metrics, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { EnvironmentReader } from "../../../../../telemetry-sdk/config/env.ts";
import { configFromFile } from "../../../../../telemetry-sdk/config/file/from_file.ts";
import { startTelemetry } from "../../../../../telemetry-sdk/mod.ts";

const reader = new EnvironmentReader();
const [path = ""] = Deno.args;
try {
  const { config, warnings } = configFromFile({ path, env: (name) => reader.read(name) });
  for (const warning of warnings) print(`warning: ${warning}`);
  const telemetry = startTelemetry(config);
  trace.getTracer("program").startSpan("from the file").end();
  metrics.getMeter("program").createCounter("counted").add(1);
  logs.getLogger("program").emit({ body: "said" });
  await telemetry.shutdown();
  print("done");
} catch (error) {
  print(`${error}`);
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
