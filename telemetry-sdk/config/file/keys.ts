import type {
  AttributeLimitsConfigModel,
  ConfigurationModel,
  PropagatorConfigModel,
  ResourceConfigModel,
  TextMapPropagatorConfigModel,
} from "@opentelemetry/configuration";
import type { KeyPath } from "./document.ts";
import { type FileKey, type FileSection, openSection, section } from "./file_key.ts";
import { LOGGER_PROVIDER } from "./log_keys.ts";
import { METER_PROVIDER } from "./metric_keys.ts";
import { TRACER_PROVIDER } from "./trace_keys.ts";

type Detection = NonNullable<ResourceConfigModel["detection/development"]>;
type Detector = NonNullable<Detection["detectors"]>[number];

const RESOURCE = section<ResourceConfigModel>({
  attributes: {
    about: "attributes of the resource, before those of `attributes_list`",
    option: "resourceAttributes",
    list: true,
    section: () =>
      section<NonNullable<ResourceConfigModel["attributes"]>[number]>({
        name: { about: "the attribute's name" },
        value: { about: "what it is; null leaves it out" },
        type: {
          about: "`string` unless told, `bool`, `int`, `double`, or one of these with `_array`",
        },
      }),
  },
  attributes_list: {
    about: "`key=value,…`, percent-encoded",
    option: "resourceAttributes",
  },
  schema_url: { about: "the resource's schema URL", unused: "the SDK's own is exported" },
  "detection/development": {
    about: "what finds out about the process",
    section: () =>
      section<Detection>({
        detectors: {
          about: "the detectors; none unless told",
          option: "resourceDetectors",
          list: true,
          section: () =>
            openSection<Detector>({
              service: { about: "`service.instance.id`" },
              host: { about: "`host.*` and `os.*`" },
              process: { about: "`process.*`" },
              container: { about: "`container.*`" },
            }),
        },
        attributes: {
          about: "which of the attributes found are kept",
          unused: "all that is found is kept; a detector that is left out finds nothing",
        },
      }),
  },
});

const PROPAGATOR = section<PropagatorConfigModel>({
  composite: {
    about: "how context crosses process borders",
    option: "propagators",
    list: true,
    section: () =>
      openSection<TextMapPropagatorConfigModel>({
        tracecontext: { about: "W3C Trace Context" },
        baggage: { about: "W3C Baggage" },
        b3: { about: "B3 in one header" },
        b3multi: { about: "B3 in several headers" },
      }),
  },
  composite_list: { about: "more of them, as `name,…`", option: "propagators" },
});

const ATTRIBUTE_LIMITS = section<AttributeLimitsConfigModel>({
  attribute_value_length_limit: {
    about: "characters of one attribute's value",
    option: "limits.attributeValueLengthLimit",
  },
  attribute_count_limit: {
    about: "attributes on one span or log record",
    option: "limits.attributeCountLimit",
  },
});

/** The outermost keys. */
export const ROOT: FileSection = section<ConfigurationModel>({
  file_format: { about: 'the version of the format, in quotes: `"1.0"` or `"1.1"`' },
  disabled: { about: "`true`: nothing runs", option: "disabled" },
  log_level: {
    about:
      "how much the SDK says of itself: `trace`, `debug`, `info`, `warn`, `error`, `fatal`; followed while running",
    option: "diagnosticLevel",
  },
  resource: { about: "what produces the telemetry", section: () => RESOURCE },
  attribute_limits: { about: "limits that the signals share", section: () => ATTRIBUTE_LIMITS },
  propagator: { about: "propagation; none unless told", section: () => PROPAGATOR },
  tracer_provider: { about: "traces; off unless told", section: () => TRACER_PROVIDER },
  meter_provider: { about: "metrics; off unless told", section: () => METER_PROVIDER },
  logger_provider: { about: "log records; off unless told", section: () => LOGGER_PROVIDER },
  "instrumentation/development": {
    about: "settings of instrumentation libraries",
    unused: "the framework's instrumentation has none",
  },
  distribution: { about: "settings of other distributions", unused: "they are for others" },
});

/** A key as the reference lists it. */
export interface FileKeyReference {
  /** The way to it, with `[]` for each item of a list. */
  readonly key: string;
  /** The option in code that says the same. */
  readonly option?: string;
  readonly about: string;
}

/** Every key of the file. What may stand in several places, such as a sampler, is told at the first. */
export const FILE_KEYS: readonly FileKeyReference[] = listKeys();

function listKeys(): FileKeyReference[] {
  const told = new Map<FileSection, string>();
  const list = (part: FileSection, prefix: string): FileKeyReference[] =>
    Object.entries(part.keys).flatMap(([name, row]) => {
      const key = `${prefix}${name}${row.list ? "[]" : ""}`;
      const { option, unused, refused } = row;
      const below = row.section?.();
      const before = below && told.get(below);
      if (below !== undefined && Object.keys(below.keys).length > 0) told.set(below, before ?? key);
      const about = [
        row.about,
        ...(unused === undefined ? [] : [`not used: ${unused}`]),
        ...(refused === undefined ? [] : [`refused: ${refused}`]),
        ...(before === undefined ? [] : [`as at \`${before}\``]),
      ].join("; ");
      const own = { key, ...(option !== undefined && { option }), about };
      return below === undefined || before !== undefined ? [own] : [own, ...list(below, `${key}.`)];
    });
  return list(ROOT, "");
}

/**
 * What the table says of a place.
 *
 * @param path The way to it.
 */
export function fileKeyAt(path: KeyPath): FileKey | undefined {
  let here: FileSection | undefined = ROOT;
  let row: FileKey | undefined;
  for (const key of path) {
    if (typeof key === "number") continue;
    row = here?.keys[key];
    here = row?.section?.();
  }
  return row;
}
