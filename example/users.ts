import { type AuthUser, PasswordHasher } from "@echelon/framework/auth";
import { defineModel, type Entity, Model, UniqueConstraintError } from "@echelon/framework/orm";
import { z } from "zod";

/** Somebody who can log in. */
export interface User extends AuthUser {
  readonly name: string;
}

const userModel = defineModel({
  name: "user",
  schema: z.object({
    name: z.string().min(1),
    passwordHash: z.string(),
    roles: z.array(z.string()),
  }),
  indexes: { name: { fields: ["name"], unique: true } },
});

/** What is stored of a user. */
export type StoredUser = Entity<{ name: string; passwordHash: string; roles: string[] }>;

/** Everybody who can log in. */
export class Users {
  readonly hasher: PasswordHasher = new PasswordHasher();
  readonly #model;

  /** @param kv Where they are kept. */
  constructor(kv: Deno.Kv) {
    this.#model = new Model(kv, userModel);
  }

  /** The user with an id, or `undefined`. */
  async find(id: string): Promise<User | undefined> {
    const user = await this.#model.find(id);
    return user === null ? undefined : { id: user.id, name: user.name, roles: user.roles };
  }

  /** What is stored of the user with a name, or `undefined`. */
  async findByName(name: string): Promise<StoredUser | undefined> {
    return await this.#model.findBy("name", name) ?? undefined;
  }

  /** Makes the demonstration's users, where they are not there yet. */
  async seed(): Promise<void> {
    await Promise.all([
      this.#ensure({ name: "demo", password: "demo-password", roles: ["customer"] }),
      this.#ensure({ name: "admin", password: "admin-password", roles: ["admin"] }),
    ]);
  }

  async #ensure(user: { name: string; password: string; roles: string[] }): Promise<void> {
    const { name, password, roles } = user;
    if (await this.findByName(name) !== undefined) return;
    try {
      await this.#model.create({ name, roles, passwordHash: await this.hasher.hash(password) });
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof UniqueConstraintError)) throw error;
    }
  }
}
