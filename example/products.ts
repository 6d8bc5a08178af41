import type { Cache } from "@echelon/framework/cache";
import { defineModel, type Entity, Model, UniqueConstraintError } from "@echelon/framework/orm";
import { z } from "zod";
import type { ShopApplication } from "./state.ts";

const productModel = defineModel({
  name: "product",
  // The price is in euro cents.
  schema: z.object({ name: z.string(), price: z.number().int().positive() }),
});

/** Something the shop sells; `price` in euro cents. */
export type Product = Entity<{ name: string; price: number }>;

const TEAS = ["Assam", "Darjeeling", "Sencha", "Oolong", "Rooibos"];
const SIZES = ["50 g", "100 g", "250 g", "1 kg"];

/** What the shop sells. */
export class Products {
  readonly #model;

  /** @param kv Where they are kept. */
  constructor(kv: Deno.Kv) {
    this.#model = new Model(kv, productModel);
  }

  /** The product with an id, or `undefined`. */
  async find(id: string): Promise<Product | undefined> {
    return await this.#model.find(id) ?? undefined;
  }

  /** Every product, in the order of their numbers. */
  async list(): Promise<Product[]> {
    const products = await this.#model.query().all();
    return products.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  }

  /** Puts the products `p1` to `p20` on the shelf, where they are not there yet. */
  async seed(): Promise<void> {
    await Promise.all(
      SIZES.flatMap((size, row) =>
        TEAS.map((tea, column) =>
          this.#ensure(`p${row * TEAS.length + column + 1}`, {
            name: `${tea}, ${size}`,
            price: 390 * 2 ** row + 45 * column,
          })
        )
      ),
    );
  }

  async #ensure(id: string, product: { name: string; price: number }): Promise<void> {
    if (await this.#model.find(id) !== null) return;
    try {
      await this.#model.create(product, { id });
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof UniqueConstraintError)) throw error;
    }
  }
}

/** What the shop sells, from the cache while it is fresh. */
export function productRoutes(app: ShopApplication, products: Products, cache: Cache): void {
  app.get(
    "/products",
    () => cache.getOrSet("products", () => products.list(), { ttl: 60, staleWhileRevalidate: 300 }),
  );
}
