/**
 * Typed models on Deno KV, and a KV that explains itself: every operation a span and a metric, every
 * limit a named error before anything is written.
 *
 * @module
 */
export { TracedKv, traceKv } from "./kv.ts";
export type { TraceKvOptions } from "./kv.ts";
export { TracedAtomicOperation } from "./kv_atomic.ts";
export { KvKeyError, KvLimitError, KvQueueError } from "./kv_errors.ts";
export type { KvLimitOptions } from "./kv_errors.ts";
export { KV_LIMITS } from "./kv_limits.ts";
export { defineModel } from "./definition.ts";
export type {
  Entity,
  ModelDefinition,
  ModelHooks,
  ModelOptions,
  ModelSchema,
  Patch,
  RecordFields,
} from "./definition.ts";
export type { IndexOptions, IndexValue } from "./indexes.ts";
export { Model } from "./model.ts";
export { openKv } from "./open_kv.ts";
export { Query } from "./query.ts";
export type { Page, Range } from "./query.ts";
export { belongsTo, hasMany } from "./relations.ts";
export type { BelongsTo, HasMany } from "./relations.ts";
export type { RetryOptions } from "./retry.ts";
export type { OrmEmit, OrmEvent } from "./telemetry.ts";
export type { Alongside, Change, CreateOptions, WriteOptions } from "./write_options.ts";
export {
  InvalidCursorError,
  MigrationError,
  RecordNotFoundError,
  UniqueConstraintError,
  ValidationError,
  WriteConflictError,
} from "./errors.ts";
