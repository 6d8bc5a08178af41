import type { Context } from "@opentelemetry/api";
import type {
  ReadableSpan,
  Sampler,
  Span,
  SpanExporter,
  SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { KeepWhatMatters } from "../sampling/keep_what_matters.ts";
import type { EXPORTER_NAMES, SAMPLER_NAMES } from "./names.ts";
import type { BatchConfig, LimitsConfig, OtlpConfig } from "./schema.ts";

/** The six samplers of the standard. */
export type SamplerName = typeof SAMPLER_NAMES[number];
/** The exporters of spans and of log records that can be chosen by name. */
export type ExporterName = typeof EXPORTER_NAMES[number];

/** One place that spans go to, with settings of its own. */
export interface SpanDestination {
  /** What exports: a name, or an exporter. */
  readonly exporter: ExporterName | SpanExporter;
  /** OTLP settings of this destination, before the signal's. */
  readonly otlp?: OtlpConfig | undefined;
  /** How spans are batched for it, before the signal's settings. */
  readonly batch?: BatchConfig | undefined;
  /** Which ended spans it gets; all unless told. One that throws lets the span through. */
  readonly filter?: ((span: ReadableSpan) => boolean) | undefined;
  /** Which of the recorded spans it gets, asked when a span has ended; all unless told. */
  readonly sampler?: SamplerName | Sampler | undefined;
  /** The share that a ratio sampler of this destination keeps, from 0 to 1; by trace, so that traces stay whole. */
  readonly samplerRatio?: number | undefined;
}

/** How much one span may hold. */
export interface SpanLimitsConfig extends LimitsConfig {
  /** Events on one span. */
  readonly eventCountLimit?: number | undefined;
  /** Links on one span. */
  readonly linkCountLimit?: number | undefined;
  /** Attributes on one event. */
  readonly attributePerEventCountLimit?: number | undefined;
  /** Attributes on one link. */
  readonly attributePerLinkCountLimit?: number | undefined;
}

/** Settings of the traces signal. */
export interface TracesConfig {
  /**
   * Where spans go: names, exporters, or destinations with settings of their own. An empty list records for the
   * given span processors only.
   */
  readonly exporters?: readonly (ExporterName | SpanExporter | SpanDestination)[] | undefined;
  /** Settings of the OTLP exporter for traces, before the shared ones. */
  readonly otlp?: OtlpConfig | undefined;
  /** Which traces are recorded, or what keeps those that matter. */
  readonly sampler?: SamplerName | Sampler | KeepWhatMatters | undefined;
  /** The share of traces that a ratio sampler keeps, from 0 to 1. */
  readonly samplerRatio?: number | undefined;
  /** How spans are batched for the exporters. */
  readonly batch?: BatchConfig | undefined;
  /** How much one span may hold. */
  readonly spanLimits?: SpanLimitsConfig | undefined;
  /** Further processors, called before the batches. */
  readonly spanProcessors?: readonly SpanProcessor[] | undefined;
  /** Called when a span starts, to enrich it. */
  readonly onStart?: ((span: Span, parent: Context) => void) | undefined;
  /** The secret by whose signed header one request can be traced whatever the sampler says. */
  readonly forceSecret?: string | undefined;
  /** Called when a span is about to end, while attributes can still be set. */
  readonly onEnding?: ((span: Span) => void) | undefined;
}
