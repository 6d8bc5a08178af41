import { batchSettings } from "./batch_settings.ts";
import { EXPORTER_NAMES, REFUSED_EXPORTERS, REFUSED_SAMPLERS, SAMPLER_NAMES } from "./names.ts";
import { listOf, oneOf, parseRatio, parseSecret } from "./parsers.ts";
import { count, length, row, type Setting } from "./setting.ts";

/** Who asks for a share of the traces and mistypes it does not want all of them. */
const MISTYPED_RATIO = 0.1;

/** The traces signal. */
export const TRACES: readonly Setting[] = [
  row(
    "traces.exporters",
    "OTEL_TRACES_EXPORTER",
    listOf(EXPORTER_NAMES, { refusals: REFUSED_EXPORTERS }),
    "where spans go: a list of `otlp`, `otlp/stdout`, `console`, or `none`",
  ),
  row(
    "traces.sampler",
    "OTEL_TRACES_SAMPLER",
    oneOf(SAMPLER_NAMES, REFUSED_SAMPLERS),
    "which traces are recorded: `always_on`, `always_off`, `traceidratio`, or one of these after `parentbased_`",
  ),
  row(
    "traces.samplerRatio",
    "OTEL_TRACES_SAMPLER_ARG",
    parseRatio,
    "the share of traces that a ratio sampler keeps, from 0 to 1",
    { whenBad: MISTYPED_RATIO },
  ),
  row(
    "traces.forceSecret",
    "OTEL_DENO_FORCE_SECRET",
    parseSecret,
    "the secret by whose signed header one request can be traced whatever the sampler says; at least 32 bytes",
    { secret: true },
  ),
  ...batchSettings("traces.batch.", "OTEL_BSP_", "spans"),
  row(
    "traces.spanLimits.attributeCountLimit",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one span, before the shared limit",
  ),
  row(
    "traces.spanLimits.attributeValueLengthLimit",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    length,
    "characters of one value on a span, before the shared limit",
  ),
  row(
    "traces.spanLimits.eventCountLimit",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    count,
    "events on one span",
  ),
  row("traces.spanLimits.linkCountLimit", "OTEL_SPAN_LINK_COUNT_LIMIT", count, "links on one span"),
  row(
    "traces.spanLimits.attributePerEventCountLimit",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one event",
  ),
  row(
    "traces.spanLimits.attributePerLinkCountLimit",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    count,
    "attributes on one link",
  ),
];
