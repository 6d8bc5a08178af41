import {
  type Context,
  context,
  type Span,
  type SpanOptions,
  type TimeInput,
  trace,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
} from "@opentelemetry/api";
import { isTimeInput } from "@opentelemetry/core";
import { runningTest } from "./running.ts";
import type { TestClock } from "./test_clock.ts";

/** The provider that a test registers: its tracers record into whichever test runs when a span starts. */
export class FollowingTracerProvider implements TracerProvider {
  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new FollowingTracer(
      (provider) => provider.getTracer(name, version, options),
    );
  }
}

class FollowingTracer implements Tracer {
  readonly #of: (provider: TracerProvider) => Tracer;

  constructor(of: (provider: TracerProvider) => Tracer) {
    this.#of = of;
  }

  startSpan(
    name: string,
    options: SpanOptions = {},
    parent: Context = context.active(),
  ): Span {
    const test = runningTest();
    // Between two tests it is the API's own no-op tracer, or an SDK that was registered since.
    const tracer = this.#of(test?.tracers ?? trace.getTracerProvider());
    if (test?.clock === undefined) return tracer.startSpan(name, options, parent);
    const { clock } = test;
    const startTime = options.startTime ?? clock.now();
    return timed(tracer.startSpan(name, { ...options, startTime }, parent), clock);
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const [options, parent, fn] = rest.length === 1
      ? [{}, context.active(), rest[0]]
      : rest.length === 2
      ? [rest[0], context.active(), rest[1]]
      : rest;
    const span = this.startSpan(name, options, parent);
    // The interface calls `F` a function of a span, and does not tie it to its own return type.
    const run = fn as (span: Span) => ReturnType<F>;
    return context.with(trace.setSpan(parent, span), run, undefined, span);
  }
}

/** Has a span take its times from a clock. The span stays the same object: processors know it by identity. */
function timed(span: Span, clock: TestClock): Span {
  const end = span.end.bind(span);
  const addEvent = span.addEvent.bind(span);
  span.end = (endTime?: TimeInput) => end(endTime ?? clock.now());
  span.addEvent = (name, second, time) => {
    if (isTimeInput(second)) addEvent(name, second);
    else addEvent(name, second, time ?? clock.now());
    return span;
  };
  return span;
}
