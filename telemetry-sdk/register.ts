/**
 * The whole set-up of telemetry: `import "@echelon/telemetry-sdk/register"` as the first import of a program.
 *
 * With `OTEL_SDK_DISABLED=true` nothing else is loaded and nothing runs. Where telemetry cannot start, one line
 * on stderr says why, and the program runs without it.
 *
 * @module
 */

import { EnvironmentReader } from "./config/env.ts";

if (new EnvironmentReader().read("OTEL_SDK_DISABLED")?.toLowerCase() !== "true") {
  try {
    const { startTelemetry } = await import("./start.ts");
    startTelemetry();
  } catch (error) {
    const { say } = await import("./lifecycle/say.ts");
    say(`off: ${error instanceof Error ? error.message : error}`);
  }
}
