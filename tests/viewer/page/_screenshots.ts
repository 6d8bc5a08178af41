/**
 * Makes the pictures of the viewer's page in `docs/images/`, from a made-up shop that is always the
 * same: `deno task viewer:screenshots`, or with the names of some to make only these. It needs
 * Chromium.
 *
 * @module
 */

import type { Page } from "playwright-core";
import { type PageOptions, type RunningBrowser, startBrowser } from "./_browser.ts";
import { sendShop, type SentShop, SHOP_NOW } from "./_shop.ts";
import { startTestViewer } from "./_viewer.ts";

const FOLDER = new URL("../../../docs/images/", import.meta.url);

/** The documentation shows them all; more than this each would make the repository heavy. */
const MOST_BYTES = 200 * 1024;

interface Picture {
  readonly name: string;
  readonly hash: (shop: SentShop) => string;
  readonly options?: PageOptions;
  /** What is on the page when it is ready. */
  readonly ready: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const DARK = { dark: true };
const PHONE = { width: 390, height: 844, touch: true };

const TRACES = { hash: () => "#/traces", ready: ".trace-row" };
const WATERFALL = {
  hash: (shop: SentShop) => `#/trace/${shop.failedTraceId}`,
  ready: ".w-bar",
  prepare: async (page: Page) => {
    await page.getByRole("row", { name: "shop.charge" }).click();
    await page.locator(".exception").first().waitFor();
  },
};
const METRICS = { hash: () => "#/metrics", ready: ".heat canvas" };

const PICTURES: readonly Picture[] = [
  { name: "viewer-traces", ...TRACES },
  { name: "viewer-traces-dark", ...TRACES, options: DARK },
  { name: "viewer-trace", ...WATERFALL },
  { name: "viewer-trace-dark", ...WATERFALL, options: DARK },
  {
    name: "viewer-links",
    hash: (shop) => `#/trace/${shop.orderTraceId}`,
    ready: ".w-bar",
    prepare: async (page) => {
      await page.getByRole("row", { name: "job.enqueue" }).click();
      await page.getByText("linked from").first().waitFor();
    },
  },
  { name: "viewer-map", hash: () => "#/map", ready: ".map-node" },
  { name: "viewer-metrics", ...METRICS },
  { name: "viewer-metrics-dark", ...METRICS, options: DARK },
  { name: "viewer-logs", hash: () => "#/logs", ready: ".log" },
  { name: "viewer-pipeline", hash: () => "#/pipeline", ready: ".pipeline" },
  { name: "viewer-phone", ...TRACES, options: PHONE },
];

async function take(
  { open }: RunningBrowser,
  { name, hash, options, ready, prepare }: Picture,
  { url, shop }: { url: string; shop: SentShop },
): Promise<void> {
  const { page, context, errors } = await open(new URL(hash(shop), url).href, {
    now: SHOP_NOW,
    ...options,
  });
  await page.locator(ready).first().waitFor();
  await page.getByText("Connected").waitFor({ state: "attached" });
  await prepare?.(page);
  await page.mouse.move(0, 0);
  const file = new URL(`${name}.png`, FOLDER);
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  await context.close();
  if (errors.length > 0) throw new Error(`"${name}" has errors: ${errors.join("; ")}`);
  if (picture.length > MOST_BYTES) throw new Error(`"${name}" is too large: ${picture.length}`);
  await Deno.writeFile(file, picture);
}

const wanted = new Set(Deno.args);
await Deno.mkdir(FOLDER, { recursive: true });
const realNow = Date.now;
// The viewer tells when it was started: that too has to be the same in every picture.
Date.now = () => SHOP_NOW - 16 * 60_000;
await using viewer = await startTestViewer();
Date.now = realNow;
await using browser = await startBrowser();
const shop = await sendShop(viewer.url);
for (const picture of PICTURES) {
  if (wanted.size === 0 || wanted.has(picture.name)) {
    await take(browser, picture, { url: viewer.url, shop });
  }
}
