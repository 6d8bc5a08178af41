import { hasBrowser, openBrowser } from "./demo/browser.ts";
import { Load } from "./demo/load.ts";
import { Shop } from "./demo/shop.ts";
import { readEnvironment } from "./environment.ts";
import { startViewer } from "./server.ts";
import { aborted, complain, introduce, reasonOf, say, untilStopped } from "./terminal.ts";

const stopped = untilStopped();
try {
  await demonstrate();
} catch (error) {
  if (!stopped.aborted) {
    complain(reasonOf(error));
    Deno.exitCode = 1;
  }
}
// Signal listeners would keep the process alive.
Deno.exit();

/** Ends what it has started in reverse, so that the shop's last telemetry still arrives. */
async function demonstrate(): Promise<void> {
  await using viewer = await startViewer(readEnvironment((name) => Deno.env.get(name)));
  introduce(viewer);
  say("Starting the example service …");
  await using shop = await Shop.start(viewer.url, stopped);
  say(`Shop listening on ${shop.url}/`);
  say("A few visitors a second: some requests fail, some are slow. Ctrl-C stops everything.");
  const load = new Load(shop.url, stopped).run();
  // Not waited for: some openers are themselves the browser, and end when it is closed.
  if (hasBrowser() && !Deno.args.includes("--no-open")) void openBrowser(`${viewer.url}/`);
  await Promise.race([aborted(stopped), shop.ended()]);
  if (!stopped.aborted) throw new Error(`The shop has ended by itself:\n${shop.lastWords}`);
  say("Stopping …");
  await load;
}
