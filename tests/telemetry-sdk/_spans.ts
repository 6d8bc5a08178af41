import type { SpanOptions } from "@opentelemetry/api";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createResource } from "../../telemetry-sdk/resource/resource.ts";
import { EchelonTracerProvider } from "../../telemetry-sdk/traces/provider.ts";
import { createSampler } from "../../telemetry-sdk/sampling/standard.ts";

/** A provider that records everything for these processors. */
export function providerFor(...spanProcessors: SpanProcessor[]): EchelonTracerProvider {
  return EchelonTracerProvider.create({
    resource: createResource({ serviceName: undefined, resourceAttributes: {} }),
    sampler: createSampler("always_on"),
    spanLimits: {},
    spanProcessors,
  });
}

/** Real spans, started and ended, in this order. */
export function endedSpans(...names: string[]): ReadableSpan[] {
  return names.map((name) => endedSpan(name));
}

/** A real span, ended at `endTime` if one is given. */
export function endedSpan(
  name: string,
  options: SpanOptions & { endTime?: number } = {},
): ReadableSpan {
  const ended: ReadableSpan[] = [];
  const provider = providerFor({
    onStart() {},
    onEnd: (span) => void ended.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  });
  provider.getTracer("test").startSpan(name, options).end(options.endTime);
  const [span] = ended;
  if (span === undefined) throw new Error(`The span "${name}" was not recorded`);
  return span;
}
