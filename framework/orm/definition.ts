import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { IndexOptions } from "./indexes.ts";
import { resolveRetry, type RetryOptions } from "./retry.ts";

/** What every record has beside its model's own fields. */
export interface RecordFields {
  /** A UUIDv7 unless given at creation: sorting by id sorts by time of creation. */
  readonly id: string;
  /** When it was created. */
  readonly createdAt: Date;
  /** When it was last written. */
  readonly updatedAt: Date;
}

/** A record of a model: the fields of its schema, and {@linkcode RecordFields}. */
export type Entity<Data extends object> = Readonly<Data> & RecordFields;

/** What may change of a record. */
export type Patch<Data extends object> = { readonly [K in keyof Data]?: Data[K] | undefined };

/** A schema that a model can have: of any library that speaks Standard Schema, giving an object. */
export type ModelSchema = StandardSchemaV1<unknown, object>;

type MaybePromise<T> = T | Promise<T>;

/**
 * What runs around a model's writes. A hook before the write can refuse it by throwing, and may run
 * again when the write met another. A hook after it runs once it is stored: what it throws reaches
 * the caller, and undoes nothing.
 */
export interface ModelHooks<Input, Data extends object> {
  /** Before validation; what it returns takes the input's place. */
  readonly beforeCreate?: (input: Input) => MaybePromise<Input | void>;
  /** Once the record is stored. */
  readonly afterCreate?: (record: Entity<Data>) => MaybePromise<void>;
  /** Before validation; what it returns takes the patched data's place. */
  readonly beforeUpdate?: (next: Data, current: Entity<Data>) => MaybePromise<Data | void>;
  /** Once the record is stored. */
  readonly afterUpdate?: (record: Entity<Data>, previous: Entity<Data>) => MaybePromise<void>;
  /** Before the record is deleted. */
  readonly beforeDelete?: (record: Entity<Data>) => MaybePromise<void>;
  /** Once the record is gone. */
  readonly afterDelete?: (record: Entity<Data>) => MaybePromise<void>;
}

/** What a model is. */
export interface ModelOptions<Schema extends ModelSchema, Index extends string = never> {
  /** Its name: in its keys, in `db.collection.name`, in messages. */
  readonly name: string;
  /** What its data is. An update validates the whole record again, so it must accept its output. */
  readonly schema: Schema;
  /** What it can be found by, beside its id. */
  readonly indexes?: Readonly<
    Record<Index, IndexOptions<Entity<StandardSchemaV1.InferOutput<Schema>>>>
  >;
  /** The version of its stored form; 1 unless told. */
  readonly version?: number;
  /** For each version before this one, what makes the next version's data of its own. */
  readonly migrations?: Readonly<Record<number, (data: unknown) => unknown>>;
  /** What runs around its writes. */
  readonly hooks?: ModelHooks<
    StandardSchemaV1.InferInput<Schema>,
    StandardSchemaV1.InferOutput<Schema>
  >;
  /** How often a write that met another is tried. */
  readonly retry?: RetryOptions;
  /** What its keys begin with; `["model"]` unless told. */
  readonly prefix?: Deno.KvKey;
}

/** A model that was checked, and can be opened on a KV: `new Model(kv, definition)`. */
export interface ModelDefinition<Input, Data extends object, Index extends string> {
  readonly name: string;
  readonly schema: StandardSchemaV1<Input, Data>;
  readonly indexes: readonly (readonly [name: Index, options: IndexOptions<Entity<Data>>])[];
  readonly version: number;
  readonly migrations: Readonly<Record<number, (data: unknown) => unknown>>;
  readonly hooks: ModelHooks<Input, Data>;
  readonly retry: Required<RetryOptions>;
  /** What its keys begin with, its name included. */
  readonly root: Deno.KvKey;
}

/**
 * Defines a model: what its records are and what they can be found by. The definition knows no
 * database, so that it can stand at the top of a module.
 *
 * @param options Name, schema, indexes, and the rest.
 * @returns The definition, to open with `new Model(kv, definition)`.
 * @throws {TypeError} When the name is empty or the schema is no Standard Schema.
 * @throws {RangeError} When the version or a retry option makes no sense, or a migration is missing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineModel, Model, openKv } from "@echelon/framework/orm";
 * import { z } from "npm:zod@4.6.7";
 *
 * const users = defineModel({
 *   name: "user",
 *   schema: z.object({ email: z.email(), visits: z.number().default(0) }),
 *   indexes: { email: { fields: ["email"], unique: true } },
 * });
 *
 * using kv = await openKv(":memory:");
 * const model = new Model(kv, users);
 * const ada = await model.create({ email: "ada@example.com" });
 * await model.update(ada.id, (user) => ({ visits: user.visits + 1 }));
 * const found = await model.findBy("email", "ada@example.com");
 * assert.equal(found?.visits, 1);
 * ```
 */
export function defineModel<Schema extends ModelSchema, Index extends string = never>(
  options: ModelOptions<Schema, Index>,
): ModelDefinition<
  StandardSchemaV1.InferInput<Schema>,
  StandardSchemaV1.InferOutput<Schema>,
  Index
> {
  type Input = StandardSchemaV1.InferInput<Schema>;
  type Data = StandardSchemaV1.InferOutput<Schema>;
  const { name, schema, version = 1, migrations = {}, hooks = {} } = options;
  if (typeof name !== "string" || name === "") {
    throw new TypeError("A model needs a name: expected a text that is not empty");
  }
  if (typeof schema?.["~standard"]?.validate !== "function") {
    throw new TypeError(
      `The schema of "${name}" is no Standard Schema: expected one of Zod, Valibot, ArkType or alike`,
    );
  }
  if (!Number.isInteger(version) || version < 1) {
    throw new RangeError(`The version of "${name}" is ${version}: expected a positive integer`);
  }
  for (let from = 1; from < version; from++) {
    if (typeof migrations[from] !== "function") {
      throw new RangeError(
        `"${name}" is at version ${version} and has no migration from version ${from}: ` +
          `expected a function at "migrations[${from}]"`,
      );
    }
  }
  return {
    name,
    // Inference reads the schema's types from the very property that this type holds them in.
    schema: schema as unknown as StandardSchemaV1<Input, Data>,
    indexes: Object.entries(options.indexes ?? {}) as [Index, IndexOptions<Entity<Data>>][],
    version,
    migrations,
    hooks,
    retry: resolveRetry(options.retry),
    root: [...(options.prefix ?? ["model"]), name],
  };
}
