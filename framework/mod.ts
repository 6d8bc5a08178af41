/**
 * Echelon: a web framework in which every request explains itself.
 *
 * @module
 */
export { Application } from "./app.ts";
export type { ApplicationOptions } from "./app.ts";
export type { ErrorHandler } from "./dispatcher.ts";
export { HttpError } from "./errors.ts";
export type { HttpErrorOptions } from "./errors.ts";
export { RequestBody } from "./http/body.ts";
export type { ReadBodyOptions } from "./http/body.ts";
export { Context } from "./http/context.ts";
export type { ContextInit, ContextSettings, RedirectStatus } from "./http/context.ts";
export { Cookies } from "./http/cookies.ts";
export type { CookieOptions } from "./http/cookies.ts";
export type { RequestOrigin } from "./http/origin.ts";
export type { StreamSource } from "./http/response.ts";
export type { ServerSentEvent } from "./http/server_sent_events.ts";
export { staticFiles } from "./http/static_files.ts";
export type { StaticFilesContext, StaticFilesOptions } from "./http/static_files.ts";
export type {
  DefaultState,
  FetchHandler,
  Handler,
  Middleware,
  Next,
  PathParams,
  RequestInfo,
} from "./http/types.ts";
export type { Route, RouteMatch } from "./router/router.ts";
export { Routes } from "./routes.ts";
export type { RouteStack } from "./routes.ts";
export { ListeningServer } from "./server.ts";
export type { ListenOptions, StopOptions } from "./server.ts";
export { createLogger, Logger } from "./telemetry/logger.ts";
export type { LogFields, LoggerOptions, LogLevel, LogRecord, LogSink } from "./telemetry/logger.ts";
export type { TraceFetchOption } from "./telemetry/http_client_global.ts";
export type { IgnoredRequests } from "./telemetry/http_client_ignore.ts";
export type { RedactionOptions } from "./telemetry/redaction.ts";
