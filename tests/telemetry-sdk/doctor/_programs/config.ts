import { defineTelemetry } from "../../../../telemetry-sdk/mod.ts";

export default defineTelemetry({
  serviceName: "shop",
  metrics: { exporters: [] },
  logs: { exporters: [] },
});
