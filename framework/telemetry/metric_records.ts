/** What the metrics of one finished request need to know. */
export interface HttpRequestRecord {
  /** The method as it came; unknown ones are counted as `_OTHER`. */
  readonly method: string;
  /** `http` or `https`. */
  readonly scheme: string;
  /** The route's pattern, where one matched. */
  readonly route: string | undefined;
  /** The status that was sent, or `undefined` where none could be. */
  readonly status: number | undefined;
  /** Why the request failed, where it did. */
  readonly errorType: string | undefined;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** What the metrics of one request that was made need to know. */
export interface HttpClientRequestRecord {
  /** The method as it was sent; unknown ones are counted as `_OTHER`. */
  readonly method: string;
  /** The host that was asked. */
  readonly host: string;
  /** Its port. */
  readonly port: number | undefined;
  /** The status that came, or `undefined` where none did. */
  readonly status?: number | undefined;
  /** Why the request failed, where it did. */
  readonly errorType?: string | undefined;
  /** How long it took until the response's headers had come, in seconds. */
  readonly seconds: number;
}

/** What the metrics of one database operation need to know. */
export interface DbOperationRecord {
  /** `db.system.name`, such as `deno.kv`. */
  readonly system: string;
  /** The operation: `get`, `set`, … */
  readonly operation: string;
  /** The model's name, where one is known; never a key. */
  readonly collection?: string | undefined;
  /** Why it failed, where it did. */
  readonly errorType?: string | undefined;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** What the metrics of one attempt at a job need to know. */
export interface JobRecord {
  /** The queue's name. */
  readonly queue: string;
  /** The job's name. */
  readonly name: string;
  /** Why the attempt failed, where it did. */
  readonly errorType?: string | undefined;
  /** How long the attempt took, in seconds. */
  readonly seconds: number;
}

/** What the metrics of one enqueueing need to know. */
export interface JobSendRecord {
  /** The queue's name. */
  readonly queue: string;
  /** How many jobs were sent at once. */
  readonly count: number;
  /** Why it failed, where it did. */
  readonly errorType?: string | undefined;
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** What the metrics of one authentication or authorisation need to know; never a user. */
export interface AuthAttemptRecord {
  /** The scheme: `session`, `bearer`, `api_key`, `basic`, `password`. */
  readonly scheme: string;
  /** What was asked: `authenticate`, `checkRole`, `checkPermission`. */
  readonly operation: string;
  /** Whether it was granted. */
  readonly success: boolean;
}
