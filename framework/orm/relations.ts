import type { Entity } from "./definition.ts";
import type { Model } from "./model.ts";
import type { Query } from "./query.ts";

/** How records of one model refer to those of another. */
export interface BelongsTo<Child extends object, Parent extends object> {
  /** The record that this one refers to, or `null` where it refers to none that exists. */
  load(child: Entity<Child>): Promise<Entity<Parent> | null>;
  /** The records that these refer to, by id: each read once, ten with one call. */
  loadAll(children: readonly Entity<Child>[]): Promise<Map<string, Entity<Parent>>>;
}

/** How records of another model refer to those of one. */
export interface HasMany<Parent extends object, Child extends object, Index extends string> {
  /** The records that refer to this one, in the order of their index, to be narrowed and paged. */
  of(parent: Entity<Parent>): Query<Child, Index>;
}

/**
 * A relation by a field that holds the id of a record of another model. KV keeps no promise that it
 * exists: check it in a hook, or in the transaction, where it must.
 *
 * @param _children The model that refers.
 * @param field The field that holds the id; `null` and `undefined` refer to none.
 * @param parents The model that is referred to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { belongsTo, defineModel, hasMany, Model, openKv } from "@echelon/framework/orm";
 * import { z } from "npm:zod@4.6.7";
 *
 * using kv = await openKv(":memory:");
 * const users = new Model(kv, defineModel({ name: "user", schema: z.object({ name: z.string() }) }));
 * const orders = new Model(
 *   kv,
 *   defineModel({
 *     name: "order",
 *     schema: z.object({ userId: z.string(), total: z.number() }),
 *     indexes: { user: { fields: ["userId", "createdAt"] } },
 *   }),
 * );
 * const customer = belongsTo(orders, "userId", users);
 * const ordersOf = hasMany(users, orders, "user");
 *
 * const ada = await users.create({ name: "Ada" });
 * const order = await orders.create({ userId: ada.id, total: 12 });
 * assert.equal((await customer.load(order))?.name, "Ada");
 * assert.equal(await ordersOf.of(ada).count(), 1);
 * ```
 */
export function belongsTo<
  ChildInput,
  Child extends object,
  ChildIndex extends string,
  ParentInput,
  Parent extends object,
  ParentIndex extends string,
>(
  _children: Model<ChildInput, Child, ChildIndex>,
  field: keyof Child & string,
  parents: Model<ParentInput, Parent, ParentIndex>,
): BelongsTo<Child, Parent> {
  const reference = (child: Entity<Child>): string | undefined => {
    const id: unknown = child[field];
    return typeof id === "string" ? id : undefined;
  };
  return {
    load: async (child) => {
      const id = reference(child);
      return id === undefined ? null : await parents.find(id);
    },
    loadAll: async (children) => {
      const ids = new Set(children.map(reference).filter((id) => id !== undefined));
      const found = new Map<string, Entity<Parent>>();
      for (const parent of await parents.findMany([...ids])) {
        if (parent !== null) found.set(parent.id, parent);
      }
      return found;
    },
  };
}

/**
 * The other side of {@linkcode belongsTo}: by an index of the referring model whose first part is
 * the id.
 *
 * @param _parents The model that is referred to.
 * @param children The model that refers.
 * @param index The index of the referring model.
 */
export function hasMany<
  ParentInput,
  Parent extends object,
  ParentIndex extends string,
  ChildInput,
  Child extends object,
  ChildIndex extends string,
>(
  _parents: Model<ParentInput, Parent, ParentIndex>,
  children: Model<ChildInput, Child, ChildIndex>,
  index: ChildIndex,
): HasMany<Parent, Child, ChildIndex> {
  return { of: (parent) => children.query().where(index, parent.id) };
}
