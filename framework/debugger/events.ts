import type { DebugLevel } from "./levels.ts";

/** What each type of event tells. What is not known is left out. */
export interface DebugEventData {
  "request:start": RequestData;
  "request:end": { status?: number | undefined; error?: unknown };
  "middleware:enter": MiddlewareData;
  "middleware:exit": MiddlewareData & { error?: unknown };
  "route:match": RequestData & { route: string };
  "route:miss": RequestData;
  "controller:enter": ControllerData;
  "controller:exit": ControllerData & { error?: unknown };
  "orm:query": QueryData;
  "orm:result": QueryData & { rows?: number | undefined };
  "auth:check": AuthData & { role?: string | undefined; permission?: string | undefined };
  "auth:success": AuthData;
  "auth:failure": AuthData & { reason?: string | undefined };
  "cache:get": CacheData;
  "cache:set": CacheData & { ttlSeconds?: number | undefined };
  "cache:hit": CacheData & { source?: string | undefined };
  "cache:miss": CacheData;
  "view:render": ViewData;
  "job:start": JobData;
  "job:end": JobData & { error?: unknown };
  "search:query": SearchData;
  "plugin:load": { name: string; version?: string | undefined };
  "plugin:event": PluginData;
  "api:request": ApiData;
  "api:response": ApiData & { status: number };
  "config:load": { source: string };
  "security:check": { check: string; passed: boolean; reason?: string | undefined };
  "error": { error: unknown };
}

/** A request, before anything is known of its answer. */
export interface RequestData {
  method: string;
  path: string;
}

/** A middleware and its place in the chain, from the outside in. */
export interface MiddlewareData {
  name: string;
  index: number;
}

/** A handler: its function's name and its route's pattern. */
export interface ControllerData {
  name?: string | undefined;
  route?: string | undefined;
}

/** An operation of a model; never a key, never a value. */
export interface QueryData {
  model: string;
  operation: string;
}

/** How somebody is known; never a credential. */
export interface AuthData {
  scheme?: string | undefined;
}

/** An entry of a cache, as far as its key may be told. */
export interface CacheData {
  key?: string | undefined;
}

/** A view. */
export interface ViewData {
  name: string;
}

/** A job. */
export interface JobData {
  name: string;
  id: string;
  attempt?: number | undefined;
}

/** A search; what was searched for is the user's own business and not told to telemetry. */
export interface SearchData {
  index: string;
  query?: string | undefined;
}

/** What a plugin does. */
export interface PluginData {
  name: string;
  event?: string | undefined;
}

/** A call of the application's own API, or by it of another's. */
export interface ApiData {
  method: string;
  path: string;
}

/** The 28 types of events. */
export type DebugEventType = keyof DebugEventData;

/** What each type of operation is described by. */
export interface DebugOperationData {
  middleware: MiddlewareData;
  controller: ControllerData;
  view: ViewData;
  search: SearchData;
  plugin: PluginData;
}

/** The types of operations: what can be run, and not only told of. */
export type DebugOperationType = keyof DebugOperationData;

interface DebugSubject {
  /** The request it belongs to; none for what the application does of its own accord. */
  readonly requestId?: string | undefined;
  /** The part of the application that it is about: what levels are set for. */
  readonly module: string;
  /** How much it matters. */
  readonly level: DebugLevel;
  /** When it happened or began: milliseconds since the epoch, with fractions. */
  readonly timestamp: number;
}

/** An operation of one type, or of one of several. */
export type DebugOperationOf<T extends DebugOperationType> = {
  [K in T]: DebugSubject & { readonly type: K; readonly data: Readonly<DebugOperationData[K]> };
}[T];

/** What is run by {@linkcode Debugger.run}: each run is one object, by which its events know it. */
export type DebugOperation = DebugOperationOf<DebugOperationType>;

interface EventMarks {
  /** The operation whose run emits the event; none where the event is told for itself. */
  readonly operation?: DebugOperation | undefined;
  /** Whether a span tells of it already, by whoever emits it: no bridge adds it again. */
  readonly traced?: boolean | undefined;
}

/** An event of one type, or of one of several. */
export type DebugEventOf<T extends DebugEventType> = {
  [K in T]: DebugSubject & EventMarks & {
    readonly type: K;
    readonly data: Readonly<DebugEventData[K]>;
  };
}[T];

/** Something that happened, as every listener hears of it. */
export type DebugEvent = DebugEventOf<DebugEventType>;

/** An event as it is told to the debugger, which adds the time and what goes with the type. */
export type DebugEventInput = {
  [K in DebugEventType]: Partial<Omit<DebugSubject, "timestamp">> & {
    readonly type: K;
    readonly data: Readonly<DebugEventData[K]>;
    readonly traced?: boolean | undefined;
  };
}[DebugEventType];

/** Tells the debugger of something. Whoever is to tell gets this, and knows no debugger. */
export type Emit = (event: DebugEventInput) => void;

/** Module and level of an event that says nothing else. */
export const EVENT_DEFAULTS: Readonly<
  Record<DebugEventType, { readonly module: string; readonly level: DebugLevel }>
> = {
  "request:start": { module: "request", level: "info" },
  "request:end": { module: "request", level: "info" },
  "middleware:enter": { module: "middleware", level: "debug" },
  "middleware:exit": { module: "middleware", level: "debug" },
  "route:match": { module: "route", level: "debug" },
  "route:miss": { module: "route", level: "info" },
  "controller:enter": { module: "controller", level: "debug" },
  "controller:exit": { module: "controller", level: "debug" },
  "orm:query": { module: "orm", level: "debug" },
  "orm:result": { module: "orm", level: "trace" },
  "auth:check": { module: "auth", level: "debug" },
  "auth:success": { module: "auth", level: "info" },
  "auth:failure": { module: "auth", level: "warn" },
  "cache:get": { module: "cache", level: "trace" },
  "cache:set": { module: "cache", level: "trace" },
  "cache:hit": { module: "cache", level: "debug" },
  "cache:miss": { module: "cache", level: "debug" },
  "view:render": { module: "view", level: "debug" },
  "job:start": { module: "jobs", level: "info" },
  "job:end": { module: "jobs", level: "info" },
  "search:query": { module: "search", level: "debug" },
  "plugin:load": { module: "plugin", level: "info" },
  "plugin:event": { module: "plugin", level: "debug" },
  "api:request": { module: "api", level: "debug" },
  "api:response": { module: "api", level: "debug" },
  "config:load": { module: "config", level: "info" },
  "security:check": { module: "security", level: "info" },
  "error": { module: "error", level: "error" },
};
