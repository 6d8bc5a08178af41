import { createTracedFetch, type Fetch } from "../framework/telemetry/http_client.ts";
import { registerSdk } from "./_telemetry.ts";

// Against a fetch that has its answer ready, what is measured is the tracing alone; against a server
// on this machine, what share of a request that is.
const answer = new Response("ok");
const ready: Fetch = () => Promise.resolve(answer);
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: () => {} },
  () => new Response("ok"),
);
server.unref();
const url = `http://127.0.0.1:${server.addr.port}/tea?page=2`;
const native = globalThis.fetch;
const init = { headers: { accept: "application/json" } };

const alone = createTracedFetch(ready);
const overNetwork = createTracedFetch(native);
const capturing = createTracedFetch(ready, {
  ignore: ["https://shop.test/health", /\/metrics$/],
  redact: {
    queryKeys: ["order-key"],
    allowRequestHeaders: ["accept"],
    attribute: (_key, value) => value,
  },
});

async function whole(fetch: Fetch): Promise<void> {
  await (await fetch(url, init)).arrayBuffer();
}

const off = { group: "traced fetch with no SDK" };
Deno.bench("off: fetch that has its answer ready", { ...off, baseline: true }, async () => {
  await ready(url, init);
});
Deno.bench("off: the same, traced", off, async () => {
  await alone(url, init);
});

const network = { group: "traced fetch over the network" };
Deno.bench("network: fetch", { ...network, baseline: true }, () => whole(native));
Deno.bench("network: traced, no SDK", network, () => whole(overNetwork));
Deno.bench("network: traced, SDK", network, async () => {
  sdk();
  await whole(overNetwork);
});

const on = { group: "traced fetch with an SDK" };
Deno.bench("on: fetch that has its answer ready", { ...on, baseline: true }, async () => {
  sdk();
  await ready(url, init);
});
Deno.bench("on: the same, traced", on, async () => {
  await alone(url, init);
});
Deno.bench("on: traced, with every option", on, async () => {
  await capturing(url, init);
});

let registered = false;

/** From here on there is an SDK: groups run in order, and those without one come first. */
function sdk(): void {
  if (registered) return;
  registered = true;
  registerSdk();
}
