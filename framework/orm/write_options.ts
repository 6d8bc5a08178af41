import type { Entity, Patch } from "./definition.ts";

/** Adds mutations of the caller's own to the transaction that writes a record. */
export type Alongside<Data extends object> = (
  atomic: Deno.AtomicOperation,
  record: Entity<Data>,
) => void | Promise<void>;

/** How a record is written. */
export interface WriteOptions<Data extends object> {
  /**
   * Runs before each attempt to commit: what it adds is written with the record, or not at all. A
   * check of its own that fails counts as meeting another writer.
   */
  readonly alongside?: Alongside<Data>;
}

/** How a record is created. */
export interface CreateOptions<Data extends object> extends WriteOptions<Data> {
  /** The record's id; a UUIDv7 unless told. */
  readonly id?: string;
}

/** What an update changes: the fields, or what makes them of the record as it is. */
export type Change<Data extends object> =
  | Patch<Data>
  | ((current: Entity<Data>) => Patch<Data> | Promise<Patch<Data>>);
