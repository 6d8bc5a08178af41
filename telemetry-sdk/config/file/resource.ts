import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ResourceConfigModel } from "@opentelemetry/configuration";
import { RESOURCE_DETECTOR_NAMES } from "../names.ts";
import { parseResourceAttributes } from "../parsers.ts";
import type { ResourceDetectorName } from "../schema.ts";
import { shownValue } from "./document.ts";
import type { FilePlace } from "./place.ts";

type AttributeModel = NonNullable<ResourceConfigModel["attributes"]>[number];

/** What the file says about what produces the telemetry. */
export interface ReadResource {
  readonly resourceAttributes: Attributes;
  /** Nothing where the file says nothing of detectors. */
  readonly resourceDetectors: readonly ResourceDetectorName[] | undefined;
}

/**
 * Reads the resource.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @throws {ConfigFileError} When a value is not of its type.
 */
export function readResource(model: ResourceConfigModel, place: FilePlace): ReadResource {
  const list = model.attributes_list;
  const { value: listed = {}, problem } = list ? parseResourceAttributes(list) : {};
  if (problem !== undefined) {
    // As of the variable, by the specification: the whole list is discarded, and the rest counts.
    place.at("attributes_list").warn(`${shownValue(list)}: ${problem}`);
  }
  const own = (model.attributes ?? []).flatMap((attribute, index) => {
    const value = readAttribute(attribute, place.at("attributes", index));
    return value === undefined ? [] : [[attribute.name, value] as const];
  });
  const detectors = model["detection/development"]?.detectors;
  const here = place.at("detection/development", "detectors");
  return {
    resourceAttributes: { ...listed, ...Object.fromEntries(own) },
    resourceDetectors: detectors && [
      ...new Set(detectors.flatMap((detector, index) => readDetector(detector, here.at(index)))),
    ],
  };
}

/** One type of attributes, and how a value becomes it. */
interface AttributeKind {
  readonly expected: string;
  readonly convert: (value: unknown) => string | number | boolean | undefined;
}

const KINDS: Readonly<Record<"string" | "bool" | "int" | "double", AttributeKind>> = {
  string: {
    expected: "a text",
    // A variable that is put in may look like a number.
    convert: (value) => typeof value === "object" ? undefined : String(value),
  },
  bool: {
    expected: "true or false",
    convert: (value) => typeof value === "boolean" ? value : undefined,
  },
  int: {
    expected: "an integer",
    convert: (value) => Number.isSafeInteger(value) ? Number(value) : undefined,
  },
  double: {
    expected: "a number",
    convert: (value) => typeof value === "number" ? value : undefined,
  },
};

function readAttribute(
  { value, type }: AttributeModel,
  place: FilePlace,
): AttributeValue | undefined {
  if (value === null || value === undefined) return undefined;
  const word = (type ?? "string").replace("_array", "");
  const isList = type?.endsWith("_array") ?? false;
  // The schema knows these words and no others.
  const { expected, convert } = KINDS[word as keyof typeof KINDS];
  const values: readonly unknown[] = isList && Array.isArray(value) ? value : [value];
  const converted = values.map(convert);
  if (isList !== Array.isArray(value) || converted.includes(undefined)) {
    place.at("value").refuse(
      `${shownValue(value)}: expected ${isList ? `a list, each item ${expected}` : expected}, ` +
        `by the type ${type ?? "string"}`,
    );
  }
  // All of one type, for one conversion has made them.
  return (isList ? converted : converted[0]) as AttributeValue;
}

/** The detectors of the schema, and those that do their work here. */
const DETECTORS: Readonly<Record<string, readonly ResourceDetectorName[]>> = {
  ...Object.fromEntries(RESOURCE_DETECTOR_NAMES.map((name) => [name, [name]])),
  host: ["host", "os"],
};

function readDetector(model: object, place: FilePlace): readonly ResourceDetectorName[] {
  const [name = ""] = Object.keys(model);
  const found = Object.hasOwn(DETECTORS, name) ? DETECTORS[name] : undefined;
  if (found === undefined) {
    place.at(name).warn(
      `the detector ${shownValue(name)} is not known and is left out; expected ` +
        `one of ${Object.keys(DETECTORS).join(", ")}`,
    );
  }
  return found ?? [];
}
