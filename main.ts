import "./telemetry-sdk/register.ts";
import { createLogger } from "@echelon/framework";
import { openKv } from "@echelon/framework/orm";
import { createShop, kvPath, listenAddress } from "./example/mod.ts";

const kv = await openKv(kvPath(), { namespace: "shop" });
const { app, worker, scheduler } = await createShop(kv);
worker.start();
scheduler.start();
const server = app.listen(listenAddress());
createLogger({ name: "shop" }).info("listening", { url: server.url });
