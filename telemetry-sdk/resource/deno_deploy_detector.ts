import type { Attributes } from "@opentelemetry/api";
import type { Surroundings } from "./surroundings.ts";

/** The variable that every deployment has, of Deno Deploy and of what it was before. */
const DEPLOYMENT = "DENO_DEPLOYMENT_ID";

/**
 * The deployment on Deno Deploy.
 *
 * @see https://docs.deno.com/deploy/reference/env_vars_and_contexts/
 */
export function detectDenoDeploy(surroundings: Surroundings): Attributes {
  const variable = (attribute: string, name: string) => surroundings.variable(attribute, name);
  const deployment = variable("deployment.id", DEPLOYMENT);
  if (deployment === undefined) return {};
  return {
    "cloud.provider": "deno",
    "cloud.platform": "deno_deploy",
    "cloud.region": variable("cloud.region", "DENO_REGION"),
    "cloud.account.id": variable("cloud.account.id", "DENO_DEPLOY_ORG_ID"),
    "deployment.id": deployment,
    "deployment.environment.name": environmentOf(
      variable("deployment.environment.name", "DENO_TIMELINE"),
    ),
    "faas.name": variable("faas.name", "DENO_DEPLOY_APP_SLUG"),
    "faas.version": variable("faas.version", "DENO_DEPLOY_BUILD_ID"),
  };
}

/** Every timeline but one is for branches and previews, which run with the variables of development. */
function environmentOf(timeline: string | undefined): string | undefined {
  if (timeline === undefined) return undefined;
  return timeline === "production" ? "production" : "development";
}
