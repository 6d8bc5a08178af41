import type { Application } from "@echelon/framework";
import type { AuthState } from "@echelon/framework/auth";
import type { User } from "./users.ts";

/** What the shop's requests carry from middleware to handler: who makes them. */
export type ShopState = AuthState<User>;

/** The shop as an application. */
export type ShopApplication = Application<ShopState>;
