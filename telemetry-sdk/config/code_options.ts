import { isSection, type OptionPath } from "./options.ts";
import { SETTINGS } from "./settings.ts";

/** The options that no text can say, and what they are. */
export const CODE_OPTIONS: Readonly<Partial<Record<OptionPath, string>>> = {
  "redactAttribute": "called for each attribute of spans and log records before it leaves",
  "traces.spanProcessors": "further span processors, called before the batches",
  "traces.onStart": "called when a span starts, to enrich it",
  "traces.onEnding": "called when a span is about to end, while attributes can still be set",
  "metrics.views": "views that change what instruments record; `metricView()` makes one",
  "metrics.readers": "further metric readers, such as a `PrometheusReader`",
  "logs.processors": "further log record processors, called before the batches",
};

/** What a destination, an item of `exporters`, has of its own. */
export const DESTINATION_OPTIONS: Readonly<Record<string, string>> = {
  exporter: "a name or an exporter",
  filter: "which ended spans or records it gets",
  sampler: "which recorded spans it gets: a sampler's name, or a sampler",
  samplerRatio: "the share that its ratio sampler keeps; by trace, so that traces stay whole",
  otlp: "OTLP settings of its own",
  batch: "batch settings of its own",
  intervalMillis: "how often its metrics are exported",
  timeoutMillis: "how long one collection and export may take",
  temporality: "which temporality it prefers",
  histogramAggregation: "what histograms become there",
};

/** Options whose inside is free. */
const OPEN: ReadonlySet<string> = new Set(["resourceAttributes"]);

/**
 * Finds options that do not exist, such as mistyped ones: types do not reach everybody.
 *
 * @param code What the application gave.
 * @returns One sentence for each.
 */
export function unknownOptions(code: object): string[] {
  const known = new Set<string>([
    ...SETTINGS.map(({ option }) => option),
    ...Object.keys(CODE_OPTIONS),
  ]);
  return unknownIn(code, "", known);
}

function unknownIn(section: object, path: string, known: ReadonlySet<string>): string[] {
  return Object.entries(section).flatMap(([key, value]) => {
    const option = `${path}${key}`;
    if (value === undefined || known.has(option) || OPEN.has(option)) return [];
    const inside = [...known].filter((name) => name.startsWith(`${option}.`));
    if (inside.length > 0 && isSection(value)) return unknownIn(value, `${option}.`, known);
    const siblings = new Set(
      [...known].filter((name) => name.startsWith(path)).map((name) =>
        name.slice(path.length).split(".")[0]
      ),
    );
    return [
      `option ${option} ${inside.length > 0 ? "is not an object" : "is not known"}; ${
        inside.length > 0 ? `expected one` : `expected one of ${[...siblings].join(", ")}`
      }`,
    ];
  });
}
