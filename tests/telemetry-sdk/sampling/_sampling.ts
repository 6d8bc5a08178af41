import {
  type Attributes,
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import {
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import { EchelonTracerProvider } from "../../../telemetry-sdk/traces/provider.ts";

export const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision;

/** Trace ids that look random and are the same each time. */
export function traceIds(count: number, seed = 1): string[] {
  let state = seed;
  const word = () => {
    // xorshift: enough for ids, and its own test is that the shares come out right.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0).toString(16).padStart(8, "0");
  };
  return Array.from({ length: count }, () => word() + word() + word() + word());
}

/** Where a span's parent is, and what it says. */
export interface ParentOptions {
  readonly traceId?: string;
  readonly sampled?: boolean;
  readonly remote?: boolean;
  readonly tracestate?: string;
}

/** A context with such a parent. */
export function below(
  {
    traceId = "0af7651916cd43dd8448eb211c80319c",
    sampled = true,
    remote = true,
    tracestate,
  }: ParentOptions = {},
): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: "b7ad6b7169203331",
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: remote,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  });
}

/** The span that a sampler is asked about. */
export interface Asked {
  readonly context?: Context;
  readonly traceId?: string;
  readonly name?: string;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

/** Asks a sampler. */
export function ask(sampler: Sampler, asked: Asked = {}): SamplingResult {
  const context = asked.context ?? ROOT_CONTEXT;
  return sampler.shouldSample(
    context,
    asked.traceId ?? trace.getSpanContext(context)?.traceId ?? "0af7651916cd43dd8448eb211c80319c",
    asked.name ?? "span",
    asked.kind ?? SpanKind.INTERNAL,
    asked.attributes ?? {},
    [],
  );
}

/** What a span would carry after this result, in its parent's context. */
export function stateAfter(result: SamplingResult, context: Context = ROOT_CONTEXT): string {
  const state = result.traceState ?? trace.getSpanContext(context)?.traceState;
  return state?.serialize() ?? "";
}

/** The real provider, with nothing but this sampler and these processors. */
export function providerWith(
  sampler: Sampler,
  ...spanProcessors: SpanProcessor[]
): EchelonTracerProvider {
  return EchelonTracerProvider.create({
    resource: createResource({ serviceName: undefined, resourceAttributes: {} }),
    sampler,
    spanLimits: {},
    spanProcessors,
  });
}

/** A processor that keeps what it is given, and tells when it is. */
export class Collector implements SpanProcessor {
  readonly spans: ReadableSpan[] = [];
  readonly calls: string[] = [];
  readonly #first = Promise.withResolvers<ReadableSpan>();

  /** The names of the spans that were handed on, in order. */
  get names(): string[] {
    return this.spans.map(({ name }) => name);
  }

  /** Settles with the first span that is handed on. */
  get first(): Promise<ReadableSpan> {
    return this.#first.promise;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.spans.push(span);
    this.#first.resolve(span);
  }

  forceFlush(): Promise<void> {
    this.calls.push("forceFlush");
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    this.calls.push("shutdown");
    return Promise.resolve();
  }
}

/** A clock that goes on when it is told to. */
export class ManualClock {
  millis = 1000;
  readonly read = (): number => this.millis;
}
