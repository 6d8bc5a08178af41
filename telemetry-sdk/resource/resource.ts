import { type Attributes, diag } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { RESOURCE_DETECTOR_NAMES } from "../config/names.ts";
import type { ResolvedConfig } from "../config/resolved.ts";
import { VERSION } from "../version.ts";
import { AwaitedResource } from "./awaited_resource.ts";
import { cleanAttributes } from "./clean_attributes.ts";
import { BUILT_IN } from "./detectors.ts";
import type { MissingPermission } from "./missing.ts";
import { runOwnDetector } from "./own_detector.ts";
import { Surroundings } from "./surroundings.ts";

const DEFAULT_SERVICE_NAME = "echelon";
/** The semantic conventions that the attribute names follow. */
const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";
const TIMEOUT_MILLIS = 5000;

/** What the configuration says about the resource. */
export type ResourceConfig =
  & Pick<ResolvedConfig, "serviceName" | "resourceAttributes">
  & Partial<Pick<ResolvedConfig, "resourceDetectors">>;

/** How a resource is found out. */
export interface DetectionOptions {
  /** Where to say what went wrong; the API's diagnostics unless told. */
  readonly report?: (line: string) => void;
  /** How long asynchronous detectors are waited for. */
  readonly timeoutMillis?: number;
  /** What the detectors look at. */
  readonly surroundings?: Surroundings;
}

/** A resource, and what is missing in it. */
export interface DetectedResource {
  readonly resource: Resource;
  /** What could not be found out for want of a permission. */
  readonly missing: readonly MissingPermission[];
}

/**
 * Describes the process that produces the telemetry. What is configured wins over what is detected, and of the
 * detectors the later one wins.
 *
 * @param config The service name, if one is configured, further attributes, and the detectors: all that are
 * built in unless told.
 * @param options How it is found out.
 */
export function detectResource(
  config: ResourceConfig,
  options: DetectionOptions = {},
): DetectedResource {
  const { surroundings = new Surroundings(), timeoutMillis = TIMEOUT_MILLIS } = options;
  const report = options.report ?? ((line) => diag.warn(line));
  const detectors = config.resourceDetectors ?? RESOURCE_DETECTOR_NAMES;
  const layers: readonly (Attributes | Promise<Attributes>)[] = [
    {
      "service.name": DEFAULT_SERVICE_NAME,
      // One by one: the stock information says that the runtime is Node.
      "telemetry.sdk.name": SDK_INFO["telemetry.sdk.name"],
      "telemetry.sdk.language": SDK_INFO["telemetry.sdk.language"],
      "telemetry.sdk.version": SDK_INFO["telemetry.sdk.version"],
      "telemetry.distro.name": "echelon",
      "telemetry.distro.version": VERSION,
    },
    ...detectors.map((detector, index) =>
      typeof detector === "string"
        ? cleanAttributes(BUILT_IN[detector](surroundings)).attributes
        : runOwnDetector(detector, { position: index + 1, timeoutMillis, report })
    ),
    configured(config, report),
  ];
  return { resource: joinLayers(layers), missing: surroundings.missing };
}

/**
 * Describes the process that produces the telemetry.
 *
 * @param config The service name, if one is configured, further attributes, and the detectors.
 */
export function createResource(config: ResourceConfig): Resource {
  return detectResource(config).resource;
}

function configured(
  { serviceName, resourceAttributes }: ResourceConfig,
  report: (line: string) => void,
): Attributes {
  const { attributes, refused } = cleanAttributes(resourceAttributes);
  if (refused.length > 0) {
    report(
      `Resource attributes are left out: ${refused.join(", ")}; ` +
        "an attribute has a name, and is a text, a number, a boolean or a list of one of these",
    );
  }
  return { ...attributes, ...cleanAttributes({ "service.name": serviceName }).attributes };
}

function joinLayers(layers: readonly (Attributes | Promise<Attributes>)[]): Resource {
  const known: Attributes = Object.assign(
    {},
    ...layers.filter((layer) => !(layer instanceof Promise)),
  );
  if (!layers.some((layer) => layer instanceof Promise)) {
    return resourceFromAttributes(known, { schemaUrl: SCHEMA_URL });
  }
  const complete = Promise.all(layers).then((all): Attributes => Object.assign({}, ...all));
  return new AwaitedResource({ known, complete, schemaUrl: SCHEMA_URL });
}
