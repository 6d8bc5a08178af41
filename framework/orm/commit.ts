import type { Entity, ModelDefinition } from "./definition.ts";
import { UniqueConstraintError, WriteConflictError } from "./errors.ts";
import type { RecordStore, StagedWrite } from "./record_store.ts";
import { CONFLICT, retryConflicts } from "./retry.ts";
import type { WriteOptions } from "./write_options.ts";

/** A write that is ready to be committed. */
export interface ReadyWrite<Data extends object> extends WriteOptions<Data> {
  readonly atomic: Deno.AtomicOperation;
  readonly staged: StagedWrite<Data>;
}

/**
 * Commits the write of one record.
 *
 * @returns The record, or `CONFLICT` where it met another writer.
 * @throws {UniqueConstraintError} When another record has what this one claims.
 */
export async function commitRecord<Input, Data extends object, Index extends string>(
  store: RecordStore<Input, Data, Index>,
  { atomic, staged: { entity, claims }, alongside }: ReadyWrite<Data>,
): Promise<Entity<Data> | typeof CONFLICT> {
  await alongside?.(atomic, entity);
  if ((await atomic.commit()).ok) return entity;
  const taken = await store.taken(claims, entity.id);
  if (taken === undefined) return CONFLICT;
  throw new UniqueConstraintError(store.definition.name, taken.index);
}

/**
 * Tries a write until it meets no other writer, as often as the model allows.
 *
 * @throws {WriteConflictError} When each attempt met another writer.
 */
export async function writeWithRetries<T, Input, Data extends object, Index extends string>(
  { name, retry }: ModelDefinition<Input, Data, Index>,
  attempt: () => Promise<T | typeof CONFLICT>,
): Promise<T> {
  const result = await retryConflicts(attempt, retry);
  if (result === CONFLICT) throw new WriteConflictError(name, retry.attempts);
  return result;
}
