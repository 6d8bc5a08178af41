/**
 * The names this framework emits, from the semantic conventions 1.45.0. What the package's stable
 * part does not hold yet is written out here: its unstable part is a megabyte, and changes between
 * minor versions.
 */
export {
  ATTR_CLIENT_ADDRESS,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
  METRIC_DB_CLIENT_OPERATION_DURATION,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from "@opentelemetry/semantic-conventions";

/** Sum of the requests being served; in development in the conventions. */
export const METRIC_HTTP_SERVER_ACTIVE_REQUESTS = "http.server.active_requests";

/** How long it took to work a message; in development in the conventions. */
export const METRIC_MESSAGING_PROCESS_DURATION = "messaging.process.duration";

/** How many rows a database operation returned; in development in the conventions. */
export const ATTR_DB_RESPONSE_RETURNED_ROWS = "db.response.returned_rows";

/** The messaging attributes; in development in the conventions. */
export const ATTR_MESSAGING_SYSTEM_NAME = "messaging.system.name";
export const ATTR_MESSAGING_OPERATION_NAME = "messaging.operation.name";
export const ATTR_MESSAGING_OPERATION_TYPE = "messaging.operation.type";
export const ATTR_MESSAGING_DESTINATION_NAME = "messaging.destination.name";
export const ATTR_MESSAGING_MESSAGE_ID = "messaging.message.id";
export const ATTR_MESSAGING_BATCH_MESSAGE_COUNT = "messaging.batch.message_count";

/** How long a messaging client's operation took; in development in the conventions. */
export const METRIC_MESSAGING_CLIENT_OPERATION_DURATION = "messaging.client.operation.duration";

/** How many messages were sent; in development in the conventions. */
export const METRIC_MESSAGING_CLIENT_SENT_MESSAGES = "messaging.client.sent.messages";

/** The schema every tracer, meter and logger of the framework declares. */
export const SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

/** The bucket boundaries, in seconds, that the conventions advise for HTTP durations. */
export const HTTP_DURATION_BUCKETS: readonly number[] = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.075,
  0.1,
  0.25,
  0.5,
  0.75,
  1,
  2.5,
  5,
  7.5,
  10,
];

/** The bucket boundaries, in seconds, that the conventions advise for database operations. */
export const DB_DURATION_BUCKETS: readonly number[] = [
  0.001,
  0.005,
  0.01,
  0.05,
  0.1,
  0.5,
  1,
  5,
  10,
];

/** Buckets for how long jobs wait before they are started, in seconds: from at once to an hour. */
export const JOB_LAG_BUCKETS: readonly number[] = [
  0.01,
  0.05,
  0.1,
  0.5,
  1,
  5,
  10,
  30,
  60,
  300,
  900,
  3600,
];
