import { cache } from "./cache.ts";
import type { Dashboard } from "./dashboard.ts";
import { jobs } from "./jobs.ts";
import { pipelineHealth } from "./pipeline_health.ts";
import { runtime } from "./runtime.ts";
import { serviceOverview } from "./service_overview.ts";

/** Each dashboard, by the name of its file in `dashboards/`. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  service_overview: serviceOverview,
  runtime,
  jobs,
  cache,
  pipeline_health: pipelineHealth,
};
