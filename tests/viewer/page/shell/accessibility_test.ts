import assert from "node:assert/strict";
import axe from "axe-core";
import { needsChromium } from "../_browser.ts";
import { type Opened, withPage } from "../_parts.ts";
import { sendShop, type SentShop } from "../_shop.ts";

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
  readonly passes: readonly unknown[];
}

const VIEWS: readonly (readonly [
  name: string,
  hash: (shop: SentShop) => string,
  ready: string,
])[] = [
  ["traces", () => "#/traces", ".trace-row"],
  ["nothing found", () => "#/traces?q=nothing-has-this-name", ".empty"],
  ["trace", ({ failedTraceId }) => `#/trace/${failedTraceId}`, ".w-bar"],
  ["map", () => "#/map", ".map-node"],
  ["histogram", () => "#/metrics?span=all", ".heat canvas"],
  ["logs", () => "#/logs", ".log"],
  ["pipeline", () => "#/pipeline", ".pipeline"],
];

async function seriousFindings({ page }: Opened): Promise<string[]> {
  // By the page's own engine: a script that is added to the page would be against its policy.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
  assert.ok(passes.length > 10, "axe has looked at nothing");
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`)
    );
}

for (const dark of [false, true]) {
  Deno.test(
    `axe finds nothing serious in any view, ${dark ? "dark" : "light"}`,
    needsChromium,
    async (t) => {
      const sent: { shop?: SentShop } = {};
      await withPage(async (opened) => {
        const { page, goTo } = opened;
        const { shop } = sent;
        assert.ok(shop);
        for (const [name, hash, ready] of VIEWS) {
          await t.step(name, async () => {
            await goTo(hash(shop));
            await page.locator(ready).first().waitFor();
            assert.deepEqual(await seriousFindings(opened), []);
          });
        }
        await t.step("details and help", async () => {
          await goTo(`#/trace/${shop.failedTraceId}`);
          await page.getByRole("row", { name: "shop.charge" }).click();
          await page.locator(".exception").first().waitFor();
          assert.deepEqual(await seriousFindings(opened), []);
          await page.keyboard.press("?");
          await page.getByRole("dialog").waitFor();
          assert.deepEqual(await seriousFindings(opened), []);
        });
      }, {
        dark,
        prepare: async (viewer) => {
          sent.shop = await sendShop(viewer.url);
        },
      });
    },
  );
}
