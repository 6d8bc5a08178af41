import { z } from "zod";
import { defineModel } from "../../../framework/orm/definition.ts";
import type { Entity } from "../../../framework/orm/definition.ts";
import { openKv } from "../../../framework/orm/open_kv.ts";
import type { TracedKv } from "../../../framework/orm/kv.ts";

/** A user, as most tests need one. */
export const userModel = defineModel({
  name: "user",
  schema: z.object({
    email: z.email(),
    name: z.string().min(1),
    team: z.string().optional(),
    visits: z.number().int().default(0),
  }),
  indexes: {
    email: { fields: ["email"], unique: true },
    team: { fields: ["team", "name"] },
    visits: { fields: ["visits"] },
    domain: { value: (user) => [user.email.split("@")[1]] },
  },
});

/** A record of {@linkcode userModel}. */
export type User = Entity<
  { email: string; name: string; team?: string | undefined; visits: number }
>;

/** A database on disk; closed and gone once it is disposed. */
export interface FileKv extends AsyncDisposable {
  readonly kv: TracedKv;
  readonly path: string;
}

/** Opens a database in a directory of its own. */
export async function fileKv(): Promise<FileKv> {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/test.kv`;
  const kv = await openKv(path);
  return {
    kv,
    path,
    [Symbol.asyncDispose]: async () => {
      kv.close();
      await Deno.remove(directory, { recursive: true });
    },
  };
}
