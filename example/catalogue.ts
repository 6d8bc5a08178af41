/** Something the shop sells. */
export interface Product {
  readonly id: string;
  readonly name: string;
  /** In euro cents. */
  readonly price: number;
}

const TEAS = ["Assam", "Darjeeling", "Sencha", "Oolong", "Rooibos"];
const SIZES = ["50 g", "100 g", "250 g", "1 kg"];

/** Puts the products `p1` to `p20` into the store, where they are not there yet. */
export async function seedCatalogue(kv: Deno.Kv): Promise<void> {
  const products = SIZES.flatMap((size, row) =>
    TEAS.map((tea, column): Product => ({
      id: `p${row * TEAS.length + column + 1}`,
      name: `${tea}, ${size}`,
      price: 390 * 2 ** row + 45 * column,
    }))
  );
  await Promise.all(products.map(async (product) => {
    const key = ["products", product.id];
    await kv.atomic().check({ key, versionstamp: null }).set(key, product).commit();
  }));
}

/** Every product, in the order of their numbers. */
export async function listProducts(kv: Deno.Kv): Promise<Product[]> {
  const entries = await Array.fromAsync(kv.list<Product>({ prefix: ["products"] }));
  return entries.map((entry) => entry.value)
    .sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}

/** One product, or `undefined`. */
export async function findProduct(kv: Deno.Kv, id: string): Promise<Product | undefined> {
  return (await kv.get<Product>(["products", id])).value ?? undefined;
}
