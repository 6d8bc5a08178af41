/**
 * The example service: a small tea shop, written as a user of the framework would write it.
 *
 * @module
 */
export { kvPath } from "./kv_path.ts";
export { listenAddress } from "./listen_address.ts";
export { createShop } from "./shop.ts";
export type { Shop } from "./shop.ts";
