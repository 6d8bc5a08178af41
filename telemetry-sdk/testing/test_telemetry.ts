import type { Attributes } from "@opentelemetry/api";
import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { SamplerName } from "../config/traces_schema.ts";
import type { WaitOptions } from "./arrivals.ts";
import type { Query } from "./found.ts";
import type { TestLog } from "./log_recorder.ts";
import type { SpanTreeOptions } from "./span_text.ts";
import type { TestClock } from "./test_clock.ts";
import type { TestHistogram, TestMetric } from "./test_metric.ts";
import type { TestSpan } from "./test_span.ts";

/** How the telemetry of a test is set up. */
export interface TestTelemetryOptions {
  /** `deterministic` unless told: trace and span ids count from 1. */
  readonly ids?: "deterministic" | "random";
  /** Tells the times of spans, events and log records; the system's clock unless given. */
  readonly clock?: TestClock;
  /** Which spans are recorded; `always_on` unless told. The ratio samplers need random ids. */
  readonly sampler?: SamplerName | Sampler;
  /** The share that a ratio sampler keeps, from 0 to 1; 1 unless told. */
  readonly samplerRatio?: number;
  /** Span processors that are under test themselves; called before the spans are recorded. */
  readonly spanProcessors?: readonly SpanProcessor[];
  /** Attributes of the resource, beside the `service.name` `test`. */
  readonly resourceAttributes?: Attributes;
}

/** Telemetry kept in memory: the real pipeline, registered until it is disposed of. */
export interface TestTelemetry extends Disposable, AsyncDisposable {
  /** Every sampled span that has ended, in the order in which they started. */
  spans(): TestSpan[];
  /** The names of the sampled spans that have started and not ended. */
  openSpans(): string[];
  /**
   * The one span of a name, or for which a predicate holds.
   *
   * @throws {Error} When there is none, or more than one; it lists the names of those that there are.
   */
  findSpan(query: Query<TestSpan>): TestSpan;
  /** Every span of a name, or for which a predicate holds. */
  findSpans(query: Query<TestSpan>): TestSpan[];
  /** The spans as an indented text, to be compared as a whole; siblings stand in the order of their start. */
  spanTree(options?: SpanTreeOptions): string;
  /**
   * Waits for a span to end.
   *
   * @throws {Error} At the timeout; it lists the names of the spans that there are.
   */
  waitForSpan(query: Query<TestSpan>, options?: WaitOptions): Promise<TestSpan>;
  /** Every metric as it stands now. */
  metrics(): Promise<TestMetric[]>;
  /**
   * A metric as it stands now.
   *
   * @throws {Error} When there is none of that name; it lists the names of those that there are.
   */
  metric(name: string): Promise<TestMetric>;
  /**
   * The value of the one series of a counter, up-down counter or gauge that has these attributes.
   *
   * @param attributes The attributes that tell the series apart; it may have others.
   * @throws {Error} When there is no such series, more than one, or the metric is a histogram.
   */
  metricValue(name: string, attributes?: Attributes): Promise<number>;
  /**
   * The measurements of the one series of a histogram that has these attributes.
   *
   * @param attributes The attributes that tell the series apart; it may have others.
   * @throws {Error} When there is no such series, more than one, or the metric is no histogram.
   */
  histogram(name: string, attributes?: Attributes): Promise<TestHistogram>;
  /** Every log record, in the order in which they were logged. */
  logs(): TestLog[];
  /**
   * The one log record whose body contains a text, or for which a predicate holds.
   *
   * @throws {Error} When there is none, or more than one; it lists the bodies of those that there are.
   */
  findLog(query: Query<TestLog>): TestLog;
  /**
   * Waits for a log record.
   *
   * @throws {Error} At the timeout; it lists the bodies of the records that there are.
   */
  waitForLog(query: Query<TestLog>, options?: WaitOptions): Promise<TestLog>;
  /**
   * Forgets what was recorded: spans and log records at once, what metrics count when the promise resolves. A
   * level, such as an up-down counter's, stays what it is.
   */
  reset(): Promise<void>;
}
