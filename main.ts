import "./telemetry-sdk/register.ts";
import { createLogger } from "@echelon/framework";
import { createShop } from "./example/mod.ts";
import { kvPath } from "./example/kv_path.ts";
import { listenAddress } from "./example/listen_address.ts";

const kv = await Deno.openKv(kvPath());
const shop = await createShop(kv);
const server = shop.listen(listenAddress());
createLogger({ name: "shop" }).info("listening", { url: server.url });
