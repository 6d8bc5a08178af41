import type {
  BatchSpanProcessorConfigModel,
  ConfigurationModel,
  IdGeneratorConfigModel,
  ParentBasedSamplerConfigModel,
  SamplerConfigModel,
  SimpleSpanProcessorConfigModel,
  SpanLimitsConfigModel,
  SpanProcessorConfigModel,
  TraceIdRatioBasedSamplerConfigModel,
  TracerProviderConfigModel,
} from "@opentelemetry/configuration";
import { REFUSED_SAMPLERS } from "../names.ts";
import { SPAN_EXPORTER } from "./exporter_keys.ts";
import { type FileSection, openSection, section } from "./file_key.ts";

type Composite = NonNullable<SamplerConfigModel["composite/development"]>;
type RuleBased = NonNullable<Composite["rule_based"]>;
type Rule = NonNullable<RuleBased["rules"]>[number];
type Configurator = NonNullable<TracerProviderConfigModel["tracer_configurator/development"]>;

const NOTHING: FileSection = { keys: {} };

const BATCH = section<BatchSpanProcessorConfigModel>({
  schedule_delay: {
    about: "how long spans wait for their batch to fill, in ms",
    option: "traces.exporters[].batch.scheduledDelayMillis",
  },
  export_timeout: {
    about: "how long one export of spans may take, in ms; 0: no limit",
    option: "traces.exporters[].batch.exportTimeoutMillis",
  },
  max_queue_size: {
    about: "spans that wait at most; what comes on top is dropped and counted",
    option: "traces.exporters[].batch.maxQueueSize",
  },
  max_export_batch_size: {
    about: "spans in one export",
    option: "traces.exporters[].batch.maxExportBatchSize",
  },
  exporter: { about: "what exports them", section: () => SPAN_EXPORTER },
});

const SIMPLE = section<SimpleSpanProcessorConfigModel>({
  exporter: { about: "what exports them", section: () => SPAN_EXPORTER },
});

const PROCESSOR = openSection<SpanProcessorConfigModel>({
  batch: { about: "spans go out in batches", option: "traces.exporters", section: () => BATCH },
  simple: {
    about: "each span goes out at once, as a batch of one",
    option: "traces.exporters",
    section: () => SIMPLE,
  },
});

const LIMITS = section<SpanLimitsConfigModel>({
  attribute_value_length_limit: {
    about: "characters of one value on a span, before `attribute_limits`",
    option: "traces.spanLimits.attributeValueLengthLimit",
  },
  attribute_count_limit: {
    about: "attributes on one span, before `attribute_limits`",
    option: "traces.spanLimits.attributeCountLimit",
  },
  event_count_limit: {
    about: "events on one span",
    option: "traces.spanLimits.eventCountLimit",
  },
  link_count_limit: { about: "links on one span", option: "traces.spanLimits.linkCountLimit" },
  event_attribute_count_limit: {
    about: "attributes on one event",
    option: "traces.spanLimits.attributePerEventCountLimit",
  },
  link_attribute_count_limit: {
    about: "attributes on one link",
    option: "traces.spanLimits.attributePerLinkCountLimit",
  },
});

const RATIO = section<TraceIdRatioBasedSamplerConfigModel>({
  ratio: {
    about: "the share of traces that is kept, from 0 to 1; 1 unless told",
    option: "traces.samplerRatio",
  },
});

const PARENT_BASED = section<ParentBasedSamplerConfigModel>({
  root: { about: "decides where there is no parent; `always_on` unless told", section: sampler },
  remote_parent_sampled: { about: "`always_on` unless told", section: sampler },
  remote_parent_not_sampled: { about: "`always_off` unless told", section: sampler },
  local_parent_sampled: { about: "`always_on` unless told", section: sampler },
  local_parent_not_sampled: { about: "`always_off` unless told", section: sampler },
});

const RULE = section<Rule>({
  attribute_values: {
    about: "an attribute that must have one of some values",
    section: () =>
      section<Rule["attribute_values"]>({
        key: { about: "the attribute's name" },
        values: { about: "the values as texts; one of them must be met", list: true },
      }),
  },
  attribute_patterns: {
    about: "an attribute that must meet a pattern",
    section: () =>
      section<Rule["attribute_patterns"]>({
        key: { about: "the attribute's name" },
        included: { about: "patterns with `*` and `?`, one of which is met", list: true },
        excluded: { about: "patterns of which none is met", list: true },
      }),
  },
  span_kinds: {
    about: "`internal`, `server`, `client`, `producer`, `consumer`: one of them",
    list: true,
  },
  parent: { about: "where the parent is: `none`, `remote`, `local`; one of them", list: true },
  sampler: { about: "decides where all of the rule holds", section: composite },
});

const COMPOSITE = openSection<Composite>({
  always_off: { about: "no span is kept", section: () => NOTHING },
  always_on: { about: "every span is kept", section: () => NOTHING },
  probability: { about: "a share of the traces is kept", section: () => RATIO },
  parent_threshold: {
    about: "a span is kept when its parent is",
    section: () =>
      section<NonNullable<Composite["parent_threshold"]>>({
        root: { about: "decides where there is no parent", section: composite },
      }),
  },
  rule_based: {
    about: "the first rule that holds decides; where none does, no span is kept",
    section: () =>
      section<RuleBased>({ rules: { about: "the rules", list: true, section: () => RULE } }),
  },
});

const SAMPLER = openSection<SamplerConfigModel>({
  always_on: { about: "every span is kept", option: "traces.sampler", section: () => NOTHING },
  always_off: { about: "no span is kept", option: "traces.sampler", section: () => NOTHING },
  trace_id_ratio_based: {
    about: "a share of the traces is kept",
    option: "traces.sampler",
    section: () => RATIO,
  },
  parent_based: {
    about: "the parent decides",
    option: "traces.sampler",
    section: () => PARENT_BASED,
  },
  "probability/development": {
    about: "a share of the traces is kept and written into the trace state: `probabilitySampler()`",
    option: "traces.sampler",
    section: () => RATIO,
  },
  "composite/development": {
    about: "samplers put together, with the share that is kept in the trace state",
    option: "traces.sampler",
    section: composite,
  },
  "jaeger_remote/development": {
    about: "a sampler that is asked for over the network",
    refused: REFUSED_SAMPLERS.jaeger_remote,
  },
});

function sampler(): FileSection {
  return SAMPLER;
}

function composite(): FileSection {
  return COMPOSITE;
}

/** What stands below `tracer_provider`. */
export const TRACER_PROVIDER = section<ConfigurationModel["tracer_provider"]>({
  processors: { about: "where spans go", list: true, section: () => PROCESSOR },
  limits: { about: "how much one span may hold", section: () => LIMITS },
  sampler: { about: "which traces are recorded; followed while running", section: sampler },
  id_generator: {
    about: "`random`",
    section: () => openSection<IdGeneratorConfigModel>({ random: { about: "random ids" } }),
  },
  "tracer_configurator/development": {
    about: "tracers by name; refused where it turns one off",
    section: () =>
      section<Configurator>({
        default_config: { about: "of tracers that no other entry names" },
        tracers: { about: "tracers by name", list: true },
      }),
  },
});
