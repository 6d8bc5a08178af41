import { type Context, context, ROOT_CONTEXT, SpanStatusCode } from "@opentelemetry/api";
import { hrTimeToMilliseconds } from "@opentelemetry/core";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { FORCED_ATTRIBUTE } from "./attribute_names.ts";
import { isSampled } from "./decision.ts";
import { heldSize, keptForSure } from "./held_span.ts";
import { LocalTrace, localTraceOf, markContext, OpenTraces } from "./local_trace.ts";
import type { TailOptions } from "./tail_options.ts";
import { type EarlyReason, type KeepReason, TailCounts, type TailStats } from "./tail_stats.ts";

/** What the spans that pass the decision are handed to. */
type Sink = Required<Pick<SpanProcessor, "onEnding">> & SpanProcessor;

/**
 * Holds the ended spans of each local trace until there is something to decide by, then hands all of
 * them on, or none.
 */
export class TailProcessor implements SpanProcessor {
  readonly #options: TailOptions;
  readonly #sinks: readonly Sink[];
  readonly #open = new OpenTraces();
  readonly #counts = new TailCounts();
  #heldSpans = 0;
  #heldBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shutdown: Promise<void> | undefined;

  /**
   * @param options What is kept; the very object by which the sampler finds what was decided.
   * @param sinks Where spans go; they neither throw nor reject.
   */
  constructor(options: TailOptions, sinks: readonly Sink[]) {
    this.#options = options;
    this.#sinks = sinks;
  }

  /** Finds the trace of a span that starts, or opens one. */
  onStart(span: Span, parentContext: Context): void {
    for (const sink of this.#sinks) sink.onStart(span, parentContext);
    if (this.#shutdown !== undefined) return;
    const parent = span.parentSpanContext;
    let trace = parent === undefined || parent.isRemote
      ? undefined
      : localTraceOf(parent, this.#options);
    if (trace === undefined) {
      trace = new LocalTrace(this.#options, span, this.#options.clock());
      this.#open.add(trace);
      this.#heldBytes += trace.bytes;
      this.#schedule();
    }
    markContext(span.spanContext(), trace);
    if (trace.verdict === undefined) {
      if (this.#isMarked(span)) this.#decide(trace, "marked");
      else this.#keepBounds();
    }
  }

  /** Lets the sinks look at a span that is about to end. */
  onEnding(span: Span): void {
    for (const sink of this.#sinks) sink.onEnding(span);
  }

  /** Holds an ended span, or does with it as was decided. */
  onEnd(span: ReadableSpan): void {
    const trace = localTraceOf(span.spanContext(), this.#options);
    if (trace === undefined) return this.#handOn(span);
    if (trace.verdict !== undefined) {
      this.#counts.lateSpans[this.#settle(span, trace.verdict)]++;
      return;
    }
    const bytes = heldSize(span);
    trace.spans.push(span);
    trace.bytes += bytes;
    this.#heldBytes += bytes;
    this.#heldSpans++;
    if (span.status.code === SpanStatusCode.ERROR) this.#decide(trace, "failed");
    else if (this.#isMarked(span)) this.#decide(trace, "marked");
    else if (isRoot(span, trace)) this.#decideAtEnd(trace, hrTimeToMilliseconds(span.duration));
    this.#keepBounds();
  }

  /** What became of the traces so far. */
  stats(): TailStats {
    const { kept, dropped, decidedEarly, spans, lateSpans } = this.#counts;
    return {
      held: { traces: this.#open.size, spans: this.#heldSpans, bytes: this.#heldBytes },
      kept: { ...kept },
      dropped,
      decidedEarly: { ...decidedEarly },
      spans: { ...spans },
      lateSpans: { ...lateSpans },
    };
  }

  /** Decides on everything that is held, and flushes what the spans are handed to. */
  async forceFlush(): Promise<void> {
    this.#decideAll("flush");
    await Promise.all(this.#sinks.map((sink) => sink.forceFlush()));
  }

  /** Decides on everything that is held, holds no more, and shuts down what the spans are handed to; once. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#close();
    return this.#shutdown;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#decideAll("shutdown");
    await Promise.all(this.#sinks.map((sink) => sink.shutdown()));
  }

  #isMarked({ attributes }: ReadableSpan): boolean {
    return attributes[this.#options.markAttribute] === true ||
      attributes[FORCED_ATTRIBUTE] === true;
  }

  #decideAll(reason: EarlyReason): void {
    while (this.#open.oldest !== undefined) this.#decideEarly(this.#open.oldest, reason);
  }

  #keepBounds(): void {
    const { maxBytes, maxWaitMillis, clock } = this.#options;
    let oldest = this.#open.oldest;
    if (oldest === undefined) return;
    const waitingSince = clock() - maxWaitMillis;
    for (; oldest !== undefined; oldest = this.#open.oldest) {
      if (oldest.startedAt <= waitingSince) this.#decideEarly(oldest, "time");
      else if (this.#heldBytes > maxBytes) this.#decideEarly(oldest, "memory");
      else return;
    }
  }

  #decideEarly(trace: LocalTrace, reason: EarlyReason): void {
    this.#counts.decidedEarly[reason]++;
    this.#decideAtEnd(trace, this.#options.clock() - trace.startedAt);
  }

  #decideAtEnd(trace: LocalTrace, millis: number): void {
    const { root } = trace;
    if (millis > this.#options.slowMillis(root.attributes, root.name)) this.#decide(trace, "slow");
    else this.#decide(trace, isSampled(root.spanContext()) ? "sampled" : "dropped");
  }

  #decide(trace: LocalTrace, verdict: KeepReason | "dropped"): void {
    trace.verdict = verdict;
    if (verdict === "dropped") this.#counts.dropped++;
    else this.#counts.kept[verdict]++;
    this.#open.remove(trace);
    this.#heldBytes -= trace.bytes;
    this.#heldSpans -= trace.spans.length;
    const spans = trace.spans;
    trace.spans = [];
    for (const span of spans) this.#settle(span, verdict);
  }

  #settle(span: ReadableSpan, verdict: KeepReason | "dropped"): "kept" | "dropped" {
    // Another sampler may have sampled a span below a root that is not: what was promised is kept.
    const promised = isSampled(span.spanContext());
    const fate = verdict === "dropped" && !promised ? "dropped" : "kept";
    this.#counts.spans[fate]++;
    if (fate === "kept") {
      const byRate = promised && (verdict === "sampled" || verdict === "dropped");
      this.#handOn(byRate ? span : keptForSure(span));
    }
    return fate;
  }

  #handOn(span: ReadableSpan): void {
    for (const sink of this.#sinks) sink.onEnd(span);
  }

  /** A trace whose spans have stopped coming is overdue without anyone looking. */
  #schedule(): void {
    const { oldest } = this.#open;
    if (this.#timer !== undefined || oldest === undefined) return;
    const wait = oldest.startedAt + this.#options.maxWaitMillis - this.#options.clock();
    // Under the root context, so that the timer does not keep the request that happened to start it.
    context.with(ROOT_CONTEXT, () => {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#keepBounds();
        this.#schedule();
      }, Math.max(1, Math.ceil(wait)));
    });
    if (this.#timer !== undefined) Deno.unrefTimer(this.#timer);
  }
}

/** By the context, which is one object: a processor in between may have wrapped the span. */
function isRoot(span: ReadableSpan, { root }: LocalTrace): boolean {
  return span.spanContext() === root.spanContext();
}
