import { MigrationError, ValidationError } from "./errors.ts";
import type { Entity, ModelDefinition } from "./definition.ts";
import { validate } from "./validation.ts";

/** A record as KV keeps it. */
export interface StoredRecord {
  /** The model's version that wrote it. */
  readonly version: number;
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /**
   * The keys of its index entries, below the model's own. They are kept, and not made anew of the
   * data, so that those which an older definition made are found and deleted.
   */
  readonly indexKeys: readonly Deno.KvKey[];
  readonly data: object;
}

/** A record as it was read, with what a write on top of it needs. */
export interface LoadedRecord<Data extends object> {
  readonly entity: Entity<Data>;
  readonly stored: StoredRecord;
  readonly versionstamp: string;
}

/** A record of its data and the fields that every record has. */
export function toEntity<Data extends object>(
  data: Data,
  { id, createdAt, updatedAt }: Pick<StoredRecord, "id" | "createdAt" | "updatedAt">,
): Entity<Data> {
  return { ...data, id, createdAt, updatedAt };
}

/** The data of a record without the fields that every record has. */
export function toData<Data extends object>(entity: Entity<Data>): Data {
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...data } = entity;
  // TypeScript cannot see that taking away what `Entity` added gives `Data` back.
  return data as unknown as Data;
}

/**
 * The data of a stored record, brought to the model's version. What migrations made is checked by
 * the schema; it is stored by the next write.
 *
 * @throws {MigrationError} When the record is of a later version, or cannot be brought to this one.
 */
export async function currentData<Input, Data extends object, Index extends string>(
  definition: ModelDefinition<Input, Data, Index>,
  stored: StoredRecord,
): Promise<Data> {
  const { name, version, migrations } = definition;
  // What is stored at this version was checked when it was written.
  if (stored.version === version) return stored.data as Data;
  const details = { model: name, storedVersion: stored.version };
  if (stored.version > version) {
    throw new MigrationError(
      `The "${name}" with the id "${stored.id}" was stored by version ${stored.version}, ` +
        `and this program knows "${name}" up to version ${version}`,
      details,
    );
  }
  let data: unknown = stored.data;
  for (let from = stored.version; from < version; from++) {
    try {
      data = await migrations[from]?.(data);
    } catch (cause) {
      throw new MigrationError(
        `The migration of "${name}" from version ${from} failed for the id "${stored.id}"`,
        { ...details, cause },
      );
    }
  }
  try {
    return await validate(definition, data);
  } catch (cause) {
    if (!(cause instanceof ValidationError)) throw cause;
    throw new MigrationError(
      `The migrations of "${name}" made data that its schema refuses, for the id "${stored.id}"`,
      { ...details, cause },
    );
  }
}
