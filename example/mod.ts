/**
 * The example service: a small shop, written as a user of the framework would write it.
 *
 * @module
 */
export { createShop } from "./shop.ts";
