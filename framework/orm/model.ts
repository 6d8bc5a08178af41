import { v7 as uuidv7 } from "uuid";
import { commitRecord, writeWithRetries } from "./commit.ts";
import type { Entity, ModelDefinition } from "./definition.ts";
import { RecordNotFoundError } from "./errors.ts";
import type { IndexValue } from "./indexes.ts";
import { migrateRecords } from "./migrate.ts";
import { Query } from "./query.ts";
import { RecordStore } from "./record_store.ts";
import { CONFLICT } from "./retry.ts";
import { type LoadedRecord, toData } from "./stored_record.ts";
import { validate } from "./validation.ts";
import type { Change, CreateOptions, WriteOptions } from "./write_options.ts";

/**
 * The records of a model on a KV. A write is one transaction with its index entries and the count,
 * and holds only if nobody changed the record meanwhile; if somebody did, it is tried again.
 */
export class Model<Input, Data extends object, Index extends string = never> {
  readonly #store: RecordStore<Input, Data, Index>;
  readonly #definition: ModelDefinition<Input, Data, Index>;

  /**
   * @param kv Where the records are kept; its operations are traced either way.
   * @param definition What they are, by `defineModel`.
   */
  constructor(kv: Deno.Kv, definition: ModelDefinition<Input, Data, Index>) {
    this.#store = new RecordStore(kv, definition);
    this.#definition = definition;
  }

  /** The model's name. */
  get name(): string {
    return this.#definition.name;
  }

  /** The record with an id, or `null`. */
  async find(id: string): Promise<Entity<Data> | null> {
    return (await this.#store.read(this.#checkedId(id)))?.entity ?? null;
  }

  /** The records with these ids, in their order; `null` where there is none. */
  async findMany(ids: readonly string[]): Promise<(Entity<Data> | null)[]> {
    const loaded = await this.#store.readMany(ids.map((id) => this.#checkedId(id)));
    return loaded.map((record) => record?.entity ?? null);
  }

  /**
   * The first record with these values of an index, or `null`.
   *
   * @throws {TypeError} When the model has no such index.
   */
  async findBy(index: Index, ...values: IndexValue[]): Promise<Entity<Data> | null> {
    return await this.query().where(index, ...values).first();
  }

  /** A list of records to be narrowed, ordered and paged. */
  query(): Query<Data, Index> {
    return new Query(this.#store);
  }

  /** How many records there are: kept by each write, so one read tells it. */
  async count(): Promise<number> {
    const { value } = await this.#store.kv.get<Deno.KvU64>(this.#store.key(["count"]));
    return Number(value?.value ?? 0n);
  }

  /**
   * Creates a record.
   *
   * @throws {ValidationError} When the schema refuses it.
   * @throws {UniqueConstraintError} When another record has the id or a unique value.
   * @throws {KvLimitError} When it is larger than KV takes.
   */
  async create(input: Input, options: CreateOptions<Data> = {}): Promise<Entity<Data>> {
    const data = await this.#validInput(input);
    const fields = this.#newFields(options.id);
    const entity = await writeWithRetries(this.#definition, () => {
      const atomic = this.#store.kv.atomic();
      const staged = this.#store.stageCreate(atomic, data, fields);
      return commitRecord(this.#store, { atomic, staged, ...options });
    });
    await this.#definition.hooks.afterCreate?.(entity);
    return entity;
  }

  /**
   * Changes a record. Fields that the change does not name stay; a function is called again when
   * the write met another, with the record as it is then.
   *
   * @throws {RecordNotFoundError} When there is none with the id.
   * @throws {ValidationError} When the schema refuses what comes of it.
   * @throws {UniqueConstraintError} When another record has a unique value.
   * @throws {WriteConflictError} When each attempt met another writer.
   */
  async update(
    id: string,
    change: Change<Data>,
    options: WriteOptions<Data> = {},
  ): Promise<Entity<Data>> {
    const { entity, previous } = await writeWithRetries(this.#definition, async () => {
      const current = await this.#existing(id);
      const atomic = this.#store.kv.atomic();
      const data = await this.#changed(current, change);
      const staged = this.#store.stageUpdate(atomic, current, data);
      const entity = await commitRecord(this.#store, { atomic, staged, ...options });
      return entity === CONFLICT ? CONFLICT : { entity, previous: current.entity };
    });
    await this.#definition.hooks.afterUpdate?.(entity, previous);
    return entity;
  }

  /**
   * Deletes a record.
   *
   * @returns Whether there was one.
   * @throws {WriteConflictError} When each attempt met another writer.
   */
  async delete(id: string, options: WriteOptions<Data> = {}): Promise<boolean> {
    const deleted = await writeWithRetries(this.#definition, async () => {
      const current = await this.#store.read(this.#checkedId(id));
      if (current === null) return null;
      await this.#definition.hooks.beforeDelete?.(current.entity);
      const atomic = this.#store.kv.atomic();
      const staged = this.#store.stageDelete(atomic, current);
      return commitRecord(this.#store, { atomic, staged, ...options });
    });
    if (deleted !== null) await this.#definition.hooks.afterDelete?.(deleted);
    return deleted !== null;
  }

  /**
   * Puts a new record into a transaction of the caller's. Only the caller knows whether it was
   * committed, so hooks after the write do not run; `ok: false` can mean that a unique value is
   * taken.
   *
   * @returns The record as it will be.
   */
  async createIn(
    atomic: Deno.AtomicOperation,
    input: Input,
    options: Pick<CreateOptions<Data>, "id"> = {},
  ): Promise<Entity<Data>> {
    const data = await this.#validInput(input);
    return this.#store.stageCreate(atomic, data, this.#newFields(options.id)).entity;
  }

  /**
   * Puts the change of a record into a transaction of the caller's, as {@linkcode Model.createIn}
   * does a new one. It is read now; `ok: false` can mean that it was changed meanwhile.
   *
   * @throws {RecordNotFoundError} When there is none with the id.
   */
  async updateIn(
    atomic: Deno.AtomicOperation,
    id: string,
    change: Change<Data>,
  ): Promise<Entity<Data>> {
    const current = await this.#existing(id);
    return this.#store.stageUpdate(atomic, current, await this.#changed(current, change)).entity;
  }

  /**
   * Puts the deletion of a record into a transaction of the caller's, as
   * {@linkcode Model.createIn} does a new one.
   *
   * @returns The record that will be gone, or `null` where there is none.
   */
  async deleteIn(atomic: Deno.AtomicOperation, id: string): Promise<Entity<Data> | null> {
    const current = await this.#store.read(this.#checkedId(id));
    if (current === null) return null;
    await this.#definition.hooks.beforeDelete?.(current.entity);
    this.#store.stageDelete(atomic, current);
    return current.entity;
  }

  /**
   * Brings every record to the current version and its index entries to the current definition.
   * Needed once an index was added or changed; a migration alone needs it only where an index
   * depends on what it changed. Records may be written meanwhile; hooks do not run, and `updatedAt`
   * stays.
   *
   * @returns How many records were rewritten.
   */
  async migrate(): Promise<number> {
    return await migrateRecords(this.#store);
  }

  async #validInput(input: Input): Promise<Data> {
    const replaced = await this.#definition.hooks.beforeCreate?.(input);
    return await validate(this.#definition, replaced ?? input);
  }

  async #changed(current: LoadedRecord<Data>, change: Change<Data>): Promise<Data> {
    const patch = typeof change === "function" ? await change(current.entity) : change;
    // A patch may well be a whole record: what every record has by itself is not changed by it.
    const next = toData({ ...current.entity, ...patch } as Entity<Data>);
    const replaced = await this.#definition.hooks.beforeUpdate?.(next, current.entity);
    return await validate(this.#definition, replaced ?? next);
  }

  async #existing(id: string): Promise<LoadedRecord<Data>> {
    const current = await this.#store.read(this.#checkedId(id));
    if (current === null) throw new RecordNotFoundError(this.name, id);
    return current;
  }

  #newFields(id: string | undefined) {
    const now = new Date();
    return { id: this.#checkedId(id ?? uuidv7()), createdAt: now, updatedAt: now };
  }

  #checkedId(id: string): string {
    if (typeof id === "string" && id !== "") return id;
    throw new TypeError(
      `The id of a "${this.name}" is ${id === "" ? "empty" : `of type "${typeof id}"`}: ` +
        "expected a text that is not empty",
    );
  }
}
