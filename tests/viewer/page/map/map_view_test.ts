import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { withPage } from "../_parts.ts";
import { sendShop } from "../_shop.ts";

Deno.test(
  "the map shows who calls whom, and leads to a service's traces",
  needsChromium,
  async () => {
    await withPage(async ({ page }) => {
      const call = page.getByRole("row", { name: /^storefront shop/ });
      await call.waitFor();
      assert.match(await call.innerText(), /\/min/);
      const payments = page.getByRole("row", { name: /^shop payments/ });
      assert.match(await payments.innerText(), /\d %/);
      const places = await page.evaluate<number[]>(
        "[...document.querySelectorAll('.map-node .box')]" +
          ".map((box) => box.getBoundingClientRect().width)",
      );
      assert.ok(places.length >= 4 && places.every((width) => width > 80), `${places}`);
      await page.getByRole("link", { name: /^payments/ }).click();
      await page.getByRole("row", { name: "/orders/:id/pay" }).first().waitFor();
      assert.equal(await page.getByRole("row", { name: "/products" }).count(), 0);
    }, { hash: "#/map", prepare: async (viewer) => void await sendShop(viewer.url) });
  },
);
