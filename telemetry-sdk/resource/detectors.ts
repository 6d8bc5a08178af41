import type { Attributes } from "@opentelemetry/api";
import type { ResourceDetectorName } from "../config/schema.ts";
import { detectContainer } from "./container_detector.ts";
import { detectDenoDeploy } from "./deno_deploy_detector.ts";
import { detectHost } from "./host_detector.ts";
import { detectKubernetes } from "./kubernetes_detector.ts";
import { detectOs } from "./os_detector.ts";
import { detectProcess } from "./process_detector.ts";
import type { Surroundings } from "./surroundings.ts";

/** The detectors that can be chosen by name. */
export const BUILT_IN: Readonly<
  Record<ResourceDetectorName, (surroundings: Surroundings) => Attributes>
> = {
  service: () => ({ "service.instance.id": crypto.randomUUID() }),
  process: detectProcess,
  host: detectHost,
  os: detectOs,
  container: detectContainer,
  kubernetes: detectKubernetes,
  deno_deploy: detectDenoDeploy,
};
