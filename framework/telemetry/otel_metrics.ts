import type { Attributes, Counter, Histogram, UpDownCounter } from "@opentelemetry/api";
import { activeMeter } from "./active_meter.ts";
import { ApplicationInstruments } from "./application_instruments.ts";
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_SYSTEM_NAME,
  DB_DURATION_BUCKETS,
  HTTP_DURATION_BUCKETS,
  JOB_LAG_BUCKETS,
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
  METRIC_HTTP_SERVER_ACTIVE_REQUESTS,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
  METRIC_MESSAGING_CLIENT_OPERATION_DURATION,
  METRIC_MESSAGING_CLIENT_SENT_MESSAGES,
  METRIC_MESSAGING_PROCESS_DURATION,
} from "./attributes.ts";
import { clientMetricAttributes } from "./http_client_attributes.ts";
import { HttpMetricAttributes } from "./http_metric_attributes.ts";
import type {
  AuthAttemptRecord,
  DbOperationRecord,
  HttpClientRequestRecord,
  HttpRequestRecord,
  JobRecord,
  JobSendRecord,
} from "./metric_records.ts";
import type { Metrics } from "./metrics.ts";
import { attachObservers } from "./metric_observers.ts";
import type { InstrumentMeter } from "./metrics_registry_meter.ts";

/** What every messaging instrument says of the framework's own jobs. */
export const MESSAGING_SYSTEM = "echelon";

/**
 * The framework's metrics on the OpenTelemetry API: every instrument with its name, unit and
 * attributes, and one recording method for each family.
 */
export class OTelMetrics extends ApplicationInstruments implements Metrics {
  readonly #http = new HttpMetricAttributes();
  private readonly httpRequestsTotal: Counter;
  private readonly httpRequestDuration: Histogram;
  private readonly httpActiveRequests: UpDownCounter;
  private readonly httpClientRequestDuration: Histogram;
  private readonly cacheHits: Counter;
  private readonly cacheMisses: Counter;
  private readonly dbOperationDuration: Histogram;
  private readonly dbOperationsTotal: Counter;
  private readonly jobsProcessed: Counter;
  private readonly jobsFailed: Counter;
  private readonly jobDuration: Histogram;
  private readonly jobLag: Histogram;
  private readonly jobSendDuration: Histogram;
  private readonly jobsSent: Counter;
  private readonly authAttempts: Counter;
  private readonly authFailures: Counter;

  /** @param meter Where the instruments are made. */
  constructor(meter: InstrumentMeter) {
    super(meter);
    const counter = (name: string, unit: string, description: string) =>
      meter.createCounter(name, { unit, description });
    const seconds = (name: string, buckets: readonly number[], description: string) =>
      meter.createHistogram(name, {
        unit: "s",
        description,
        advice: { explicitBucketBoundaries: [...buckets] },
      });
    this.httpRequestsTotal = counter("echelon.http.requests", "{request}", "Requests served");
    this.httpRequestDuration = seconds(
      METRIC_HTTP_SERVER_REQUEST_DURATION,
      HTTP_DURATION_BUCKETS,
      "Duration of HTTP server requests",
    );
    this.httpActiveRequests = meter.createUpDownCounter(METRIC_HTTP_SERVER_ACTIVE_REQUESTS, {
      unit: "{request}",
      description: "Requests being served now",
    });
    this.httpClientRequestDuration = seconds(
      METRIC_HTTP_CLIENT_REQUEST_DURATION,
      HTTP_DURATION_BUCKETS,
      "Duration of HTTP client requests",
    );
    this.cacheHits = counter("echelon.cache.hits", "{operation}", "Look-ups that a cache answered");
    this.cacheMisses = counter(
      "echelon.cache.misses",
      "{operation}",
      "Look-ups that a cache could not answer",
    );
    this.dbOperationDuration = seconds(
      METRIC_DB_CLIENT_OPERATION_DURATION,
      DB_DURATION_BUCKETS,
      "Duration of database operations",
    );
    this.dbOperationsTotal = counter(
      "echelon.db.operations",
      "{operation}",
      "Database operations",
    );
    this.jobsProcessed = counter("echelon.jobs.processed", "{job}", "Jobs that were completed");
    this.jobsFailed = counter("echelon.jobs.failed", "{job}", "Attempts at jobs that failed");
    this.jobDuration = seconds(
      METRIC_MESSAGING_PROCESS_DURATION,
      HTTP_DURATION_BUCKETS,
      "Duration of attempts at jobs",
    );
    this.jobLag = seconds(
      "echelon.jobs.lag",
      JOB_LAG_BUCKETS,
      "Time between when a job was due and when it was started",
    );
    this.jobSendDuration = seconds(
      METRIC_MESSAGING_CLIENT_OPERATION_DURATION,
      HTTP_DURATION_BUCKETS,
      "Duration of enqueueing",
    );
    this.jobsSent = counter(
      METRIC_MESSAGING_CLIENT_SENT_MESSAGES,
      "{message}",
      "Jobs that were enqueued",
    );
    this.authAttempts = counter("echelon.auth.attempts", "{attempt}", "Authentication attempts");
    this.authFailures = counter(
      "echelon.auth.failures",
      "{attempt}",
      "Authentication attempts that were refused",
    );
  }

  /** Counts a finished request and records how long it took. */
  recordHttpRequest(record: HttpRequestRecord): void {
    const { counted, measured } = this.#http.finished(record);
    this.httpRequestsTotal.add(1, counted);
    this.httpRequestDuration.record(record.seconds, measured);
  }

  /** Records how long a request that was made took. */
  recordHttpClientRequest(record: HttpClientRequestRecord): void {
    this.httpClientRequestDuration.record(record.seconds, clientMetricAttributes(record));
  }

  /** One request more is being served. */
  incrementActiveRequests(method: string, scheme: string): void {
    this.httpActiveRequests.add(1, this.#http.active(method, scheme));
  }

  /** One request less is being served. */
  decrementActiveRequests(method: string, scheme: string): void {
    this.httpActiveRequests.add(-1, this.#http.active(method, scheme));
  }

  /** Counts a look-up that a cache answered; `source` is `memory` or `kv`. */
  recordCacheHit(cache: string, source: string): void {
    this.cacheHits.add(1, { "cache.name": cache, "cache.source": source });
  }

  /** Counts a look-up that a cache could not answer. */
  recordCacheMiss(cache: string): void {
    this.cacheMisses.add(1, { "cache.name": cache });
  }

  /** Counts a database operation and records how long it took. */
  recordDbOperation(record: DbOperationRecord): void {
    const attributes: Attributes = {
      [ATTR_DB_SYSTEM_NAME]: record.system,
      [ATTR_DB_OPERATION_NAME]: record.operation,
    };
    if (record.collection !== undefined) attributes[ATTR_DB_COLLECTION_NAME] = record.collection;
    if (record.errorType !== undefined) attributes[ATTR_ERROR_TYPE] = record.errorType;
    this.dbOperationsTotal.add(1, attributes);
    this.dbOperationDuration.record(record.seconds, attributes);
  }

  /** Counts an attempt at a job, done or failed, and records how long it took. */
  recordJob(record: JobRecord): void {
    const job: Attributes = { "job.queue": record.queue, "job.name": record.name };
    if (record.errorType === undefined) this.jobsProcessed.add(1, job);
    else this.jobsFailed.add(1, { ...job, [ATTR_ERROR_TYPE]: record.errorType });
    const { queue, errorType } = record;
    this.jobDuration.record(record.seconds, messagingAttributes("process", queue, errorType));
  }

  /** Records how long after it was due a job was started. */
  recordJobLag(queue: string, seconds: number): void {
    this.jobLag.record(seconds, { "job.queue": queue });
  }

  /** Counts jobs that were enqueued, and records how long that took. */
  recordJobsSent(record: JobSendRecord): void {
    const attributes = messagingAttributes("enqueue", record.queue, record.errorType);
    this.jobsSent.add(record.count, attributes);
    this.jobSendDuration.record(record.seconds, attributes);
  }

  /** Counts an authentication or authorisation, and its refusal. */
  recordAuthAttempt(record: AuthAttemptRecord): void {
    const attributes = { "auth.scheme": record.scheme, "auth.operation": record.operation };
    this.authAttempts.add(1, attributes);
    if (!record.success) this.authFailures.add(1, attributes);
  }
}

function messagingAttributes(
  operation: string,
  queue: string,
  errorType: string | undefined,
): Attributes {
  const attributes: Attributes = {
    [ATTR_MESSAGING_SYSTEM_NAME]: MESSAGING_SYSTEM,
    [ATTR_MESSAGING_OPERATION_NAME]: operation,
    [ATTR_MESSAGING_DESTINATION_NAME]: queue,
  };
  if (errorType !== undefined) attributes[ATTR_ERROR_TYPE] = errorType;
  return attributes;
}

let current: { meter: InstrumentMeter; metrics: OTelMetrics } | undefined;

/**
 * The framework's metrics where they are read now. The API has no proxy for instruments: one made
 * before an SDK is registered would record nothing for ever, so they are made on first use, and
 * made anew when the meter is another one.
 */
export function getOTelMetrics(): OTelMetrics {
  const meter = activeMeter();
  if (current?.meter !== meter) {
    current = { meter, metrics: new OTelMetrics(meter) };
    attachObservers(meter);
  }
  return current.metrics;
}
