import { Application, staticFiles } from "@echelon/framework";
import { seedCatalogue } from "./catalogue.ts";
import { demoRoutes } from "./demo.ts";
import { homePage } from "./home.ts";
import { orderRoutes } from "./orders.ts";
import { productRoutes } from "./products.ts";

const STATIC_FILES = new URL("./static", import.meta.url);

/**
 * The shop as an application, its catalogue seeded.
 *
 * @param kv Where it keeps products and orders.
 */
export async function createShop(kv: Deno.Kv): Promise<Application> {
  await seedCatalogue(kv);
  const app = new Application();
  app.get("/", (ctx) => ctx.html(homePage()));
  app.get("/static/**:path", staticFiles({ root: STATIC_FILES }));
  app.get("/health", () => ({ status: "ok" }));
  productRoutes(app, kv);
  orderRoutes(app, kv);
  demoRoutes(app);
  return app;
}
