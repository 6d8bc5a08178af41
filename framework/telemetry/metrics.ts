import type { Attributes } from "@opentelemetry/api";
import type {
  AuthAttemptRecord,
  DbOperationRecord,
  HttpClientRequestRecord,
  HttpRequestRecord,
  JobRecord,
  JobSendRecord,
} from "./metric_records.ts";

/** What is said of an instrument, once. */
export interface InstrumentOptions {
  /** What it counts or measures, for the reader of a dashboard. */
  readonly description?: string;
  /** A UCUM unit: `s`, `By`, `1`, or what is counted in braces: `{order}`. */
  readonly unit?: string;
}

/** What is said of a histogram, once. */
export interface HistogramOptions extends InstrumentOptions {
  /** The upper bounds of its buckets, ascending. */
  readonly buckets?: readonly number[];
}

/** Counts what happens; never falls. */
export interface Counter {
  /** Adds to the series with these attributes; a negative value is refused. */
  add(value: number, attributes?: Attributes): void;
}

/** Counts what comes and goes. */
export interface UpDownCounter {
  /** Adds to the series with these attributes, or takes away from it. */
  add(value: number, attributes?: Attributes): void;
}

/** Holds the last value that was told. */
export interface Gauge {
  /** Sets the series with these attributes. */
  record(value: number, attributes?: Attributes): void;
}

/** Measures a distribution, such as of durations. */
export interface Histogram {
  /** Adds one measurement to the series with these attributes; a negative one is refused. */
  record(value: number, attributes?: Attributes): void;
}

/** Tells one value of an observed instrument. */
export type Observe = (value: number, attributes?: Attributes) => void;

/** Asked for the values of now whenever metrics are collected. */
export type Observer = (observe: Observe) => void | Promise<void>;

/**
 * The framework's metrics and the application's own, wherever they go: to the SDK that is
 * registered, to the registry that `/metrics` serves, or nowhere.
 */
export interface Metrics {
  /** Counts a finished request and records how long it took. */
  recordHttpRequest(record: HttpRequestRecord): void;
  /** Records how long a request that was made took. */
  recordHttpClientRequest(record: HttpClientRequestRecord): void;
  /** One request more is being served. */
  incrementActiveRequests(method: string, scheme: string): void;
  /** One request less is being served. */
  decrementActiveRequests(method: string, scheme: string): void;
  /** Counts a look-up that a cache answered; `source` is `memory` or `kv`. */
  recordCacheHit(cache: string, source: string): void;
  /** Counts a look-up that a cache could not answer. */
  recordCacheMiss(cache: string): void;
  /** Counts a database operation and records how long it took. */
  recordDbOperation(record: DbOperationRecord): void;
  /** Counts an attempt at a job, done or failed, and records how long it took. */
  recordJob(record: JobRecord): void;
  /** Records how long after it was due a job was started. */
  recordJobLag(queue: string, seconds: number): void;
  /** Counts jobs that were enqueued, and records how long that took. */
  recordJobsSent(record: JobSendRecord): void;
  /** Counts an authentication or authorisation, and its refusal. */
  recordAuthAttempt(record: AuthAttemptRecord): void;

  /** A counter of the application's own. */
  counter(name: string, options?: InstrumentOptions): Counter;
  /** An up-down counter of the application's own. */
  upDownCounter(name: string, options?: InstrumentOptions): UpDownCounter;
  /** A gauge of the application's own. */
  gauge(name: string, options?: InstrumentOptions): Gauge;
  /** A histogram of the application's own. */
  histogram(name: string, options?: HistogramOptions): Histogram;
  /**
   * A gauge of the application's own that is asked whenever metrics are collected.
   *
   * @returns Ends it.
   */
  observableGauge(name: string, observer: Observer, options?: InstrumentOptions): () => void;
}
