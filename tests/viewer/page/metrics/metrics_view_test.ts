import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { metricRequest, send, type SentMetric } from "../_otlp_json.ts";
import { eventually, withPage } from "../_parts.ts";
import { sendShop } from "../_shop.ts";

function counter(start: number, time: number, value: number): SentMetric {
  return {
    name: "orders.placed",
    unit: "{order}",
    description: "Orders placed",
    type: "counter",
    points: [{ start, time, value, attributes: { "http.route": "/orders" } }],
  };
}

Deno.test("a metric moves while the page is open", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    const resource = { "service.name": "shop" };
    const now = Date.now();
    const sendValue = (secondsAgo: number, value: number) =>
      send(
        viewer.url,
        "metrics",
        metricRequest(resource, [counter(now - 60_000, now - secondsAgo * 1000, value)]),
      );
    await sendValue(30, 100);
    await sendValue(20, 150);
    await page.getByRole("link", { name: "orders.placed" }).click();
    const cells = () => page.locator(".series tbody tr").first().getByRole("cell").allInnerTexts();
    const figures = async () => (await cells()).slice(1, 3);
    await eventually(figures, ["5 /s", "150"]);
    const chart = page.getByRole("img", { name: /^orders\.placed over time/ });
    assert.match(await chart.getAttribute("aria-label") ?? "", /5 \/s/);
    await sendValue(10, 350);
    await eventually(figures, ["20 /s", "350"]);
    assert.ok(await page.locator(".chart canvas").count() === 1);

    await page.getByRole("link", { name: /^Traces of/ }).click();
    await page.getByRole("region", { name: "Traces", exact: true }).waitFor();
    const { hash } = new URL(page.url());
    assert.equal(new URLSearchParams(hash.split("?")[1]).get("route"), "/orders");
  }, { hash: "#/metrics" });
});

Deno.test(
  "a histogram is a heat map with percentiles, and a cell leads to its traces",
  needsChromium,
  async () => {
    await withPage(async ({ page }) => {
      const map = page.getByRole("img", { name: /^http\.server\.request\.duration: heat map/ });
      await map.waitFor();
      for (const name of ["Rate", "Count", "p50", "p95", "p99"]) {
        const tile = page.locator(".tiles > div").filter({ hasText: name });
        assert.match(await tile.locator(".tile-value").innerText(), /^\d/);
      }
      await page.getByRole("img", { name: /^Percentiles of/ }).waitFor();
      // Blank pixels would mean that nothing was drawn.
      const colours = await page.evaluate<number>(`
      const canvas = document.querySelector(".heat canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      new Set(new Uint32Array(data.buffer)).size;
    `);
      assert.ok(colours > 3, `${colours} colours`);
      await page.locator(".series-name").filter({ hasText: "/orders/:id/pay" }).first().click();
      const box = await page.locator(".heat canvas").boundingBox();
      assert.ok(box);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height - 4);
      await page.getByRole("region", { name: "Traces", exact: true }).waitFor();
      const query = new URLSearchParams(new URL(page.url()).hash.split("?")[1]);
      assert.equal(query.get("route"), "/orders/:id/pay");
      assert.ok(Number(query.get("to")) > Number(query.get("from")));
    }, {
      hash: "#/metrics?span=all",
      prepare: async (viewer) => void await sendShop(viewer.url),
    });
  },
);
