import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import {
  type KeepWhatMatters,
  keepWhatMatters,
} from "../../../telemetry-sdk/sampling/keep_what_matters.ts";
import type { KeepWhatMattersOptions } from "../../../telemetry-sdk/sampling/tail_options.ts";
import type { EchelonTracerProvider } from "../../../telemetry-sdk/traces/provider.ts";
import { Collector, ManualClock, providerWith } from "./_sampling.ts";

/** So long that no trace is decided by time, unless the test says so. */
export const OPEN_FOR_EVER = { maxWaitMillis: 3_600_000 };
/** No trace kept. */
export const NOTHING = { failed: 0, slow: 0, marked: 0, sampled: 0 };
/** No trace decided early. */
export const NO_HURRY = { memory: 0, time: 0, flush: 0, shutdown: 0 };

/** Telemetry with a tail decision, shut down with the test. */
export interface TailTelemetry extends AsyncDisposable {
  readonly tail: KeepWhatMatters;
  readonly provider: EchelonTracerProvider;
  readonly tracer: Tracer;
  readonly kept: Collector;
  readonly clock: ManualClock;
}

/** Makes it; without options nothing but what matters is kept. */
export function tailTelemetry(options: Partial<KeepWhatMattersOptions> = {}): TailTelemetry {
  const clock = new ManualClock();
  const kept = new Collector();
  const base = options.base === undefined ? { baseRatio: 0 } : {};
  const tail = keepWhatMatters({ ...base, ...OPEN_FOR_EVER, clock: clock.read, ...options });
  const provider = providerWith(tail.sampler, tail.processor(kept));
  return {
    tail,
    provider,
    tracer: provider.getTracer("test"),
    kept,
    clock,
    [Symbol.asyncDispose]: () => provider.shutdown(),
  };
}

/** The context inside a span. */
export function inside(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

/** A request of two spans. */
export function request(tracer: Tracer, options: {
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly millis?: number;
  readonly context?: Context;
  readonly during?: (root: Span, child: Span) => void;
} = {}): void {
  const { name = "root", attributes = {}, millis = 1, context = ROOT_CONTEXT } = options;
  const startTime = 1_800_000_000_000;
  const root = tracer.startSpan(
    name,
    { kind: SpanKind.SERVER, attributes, startTime },
    context,
  );
  const child = tracer.startSpan("child", { startTime }, inside(root));
  options.during?.(root, child);
  child.end(startTime);
  root.end(startTime + millis);
}

/** Has a span fail. */
export function fail(_root: Span, span: Span): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
}
