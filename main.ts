import "./telemetry-sdk/register.ts";
import { createLogger } from "@echelon/framework";
import { createShop, kvPath, listenAddress } from "./example/mod.ts";

const kv = await Deno.openKv(kvPath());
const shop = await createShop(kv);
const server = shop.listen(listenAddress());
createLogger({ name: "shop" }).info("listening", { url: server.url });
