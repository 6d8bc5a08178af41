/**
 * The viewer: an OTLP/HTTP receiver with a page to look at traces, metrics and logs, for
 * development.
 *
 * @module
 */
export { startViewer } from "./server.ts";
export type { ViewerOptions } from "./options.ts";
export type { Viewer } from "./server.ts";
export type {
  FileStorage,
  ImportResult,
  LogStorage,
  MetricStorage,
  RequestCounts,
  StorageState,
  TraceStorage,
} from "./api/model.ts";
