import { Application, staticFiles } from "@echelon/framework";
import { Cache, KvStore, MemoryStore } from "@echelon/framework/cache";
import { KvJobStore, Queue, Scheduler, Worker } from "@echelon/framework/jobs";
import { requestId, securityHeaders } from "@echelon/framework/middleware";
import { traceKv } from "@echelon/framework/orm";
import { withSpan } from "@echelon/framework/telemetry";
import { adminRoutes, buildReport, scheduleReport } from "./admin.ts";
import { demoRoutes } from "./demo.ts";
import { homePage } from "./home.ts";
import { createAuth, loginRoutes } from "./login.ts";
import { orderRoutes } from "./orders.ts";
import { productRoutes, Products } from "./products.ts";
import { sendReceipt } from "./receipts.ts";
import type { ShopApplication, ShopState } from "./state.ts";
import { Users } from "./users.ts";

const STATIC_FILES = new URL("./static", import.meta.url);

/** The shop: what serves its customers, and what works behind. */
export interface Shop {
  readonly app: ShopApplication;
  readonly worker: Worker;
  readonly scheduler: Scheduler;
}

/**
 * Builds the shop, its shelves and its demonstration's users seeded. Nothing runs yet.
 *
 * @param kv Where it keeps everything.
 */
export async function createShop(kv: Deno.Kv): Promise<Shop> {
  const app = new Application<ShopState>();
  const { emit } = app.debugger;
  const models = traceKv(kv, { emit });
  const products = new Products(models);
  const users = new Users(models);
  const [login] = await withSpan(
    "shop.open",
    () => Promise.all([createAuth(kv, users, emit), products.seed(), users.seed()]),
  );

  const store = new KvJobStore(kv);
  const queue = new Queue({ store, name: "shop" });
  const worker = new Worker(queue, [sendReceipt, buildReport], { emit });
  const scheduler = new Scheduler({ store });
  scheduleReport(scheduler, queue);

  app.use(requestId());
  app.use(securityHeaders());
  app.get("/", (ctx) => ctx.html(homePage()));
  app.get("/static/**:path", staticFiles({ root: STATIC_FILES }));
  app.exposeMetrics();
  app.get("/health", () => ({ status: "ok" }));
  loginRoutes(app, login);
  const stores = [new MemoryStore(), new KvStore(kv)] as const;
  productRoutes(app, products, new Cache({ name: "catalogue", stores, emit }));
  orderRoutes(app, { auth: login.auth, kv: models, products, queue });
  adminRoutes(app, login.auth, queue);
  demoRoutes(app);
  return { app, worker, scheduler };
}
