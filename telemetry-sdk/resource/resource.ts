import { SDK_INFO } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ResolvedConfig } from "../config/schema.ts";
import { VERSION } from "../version.ts";
import { detectDeno } from "./deno_detector.ts";

const DEFAULT_SERVICE_NAME = "echelon";
/** The semantic conventions that the attribute names follow. */
const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

/**
 * Describes the process that produces the telemetry. What is configured wins over what is
 * detected.
 *
 * @param config The service name, if one is configured, and further attributes.
 */
export function createResource(
  config: Pick<ResolvedConfig, "serviceName" | "resourceAttributes">,
): Resource {
  const attributes = {
    "service.name": DEFAULT_SERVICE_NAME,
    "service.instance.id": crypto.randomUUID(),
    // Says `nodejs` for the runtime, so it comes before what is detected.
    ...SDK_INFO,
    "telemetry.distro.name": "echelon",
    "telemetry.distro.version": VERSION,
    ...detectDeno(),
    ...config.resourceAttributes,
    ...(config.serviceName !== undefined && { "service.name": config.serviceName }),
  };
  return resourceFromAttributes(attributes, { schemaUrl: SCHEMA_URL });
}
