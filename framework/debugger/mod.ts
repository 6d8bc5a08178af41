/**
 * The debugger: what an application does, told as it happens, to whoever is attached. Timelines for
 * a developer, spans by {@linkcode DebuggerOTelBridge} for OpenTelemetry.
 *
 * @module
 */
export { Debugger } from "./debugger.ts";
export type { DebuggerOptions, RunOptions } from "./debugger.ts";
export type {
  ApiData,
  AuthData,
  CacheData,
  ControllerData,
  DebugEvent,
  DebugEventData,
  DebugEventInput,
  DebugEventOf,
  DebugEventType,
  DebugOperation,
  DebugOperationData,
  DebugOperationOf,
  DebugOperationType,
  Emit,
  JobData,
  MiddlewareData,
  PluginData,
  QueryData,
  RequestData,
  SearchData,
  ViewData,
} from "./events.ts";
export type { DebugLevel, DebugThreshold } from "./levels.ts";
export type { DebugListener, DebugListenerFunction } from "./listener.ts";
export { DebuggerOTelBridge } from "./otel_bridge.ts";
export type { DebuggerOTelBridgeOptions } from "./otel_bridge.ts";
export type { DebugScope } from "./scope.ts";
export { RequestTimelines } from "./timeline.ts";
export type { TimelineOptions, TimingEntry } from "./timeline.ts";
