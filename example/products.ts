import type { Application } from "@echelon/framework";
import { listProducts } from "./catalogue.ts";

/** What the shop sells. */
export function productRoutes(app: Application, kv: Deno.Kv): void {
  app.get("/products", () => listProducts(kv));
}
