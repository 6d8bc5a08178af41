import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { withPage } from "../_parts.ts";
import { sendShop } from "../_shop.ts";

Deno.test(
  "the pipeline view tells of queues, losses and what the viewer keeps",
  needsChromium,
  async () => {
    await withPage(async ({ page }) => {
      const traces = page.getByRole("row", { name: /^traces/i });
      await traces.waitFor();
      const queue = traces.getByRole("meter", { name: "Queue of traces" });
      assert.equal(await queue.getAttribute("aria-valuemax"), "2048");
      assert.match(await traces.innerText(), /41\s+queue_full\s+in the processor/);
      const memory = page.getByRole("meter", { name: "Memory for what is kept" });
      assert.match(await memory.getAttribute("aria-valuetext") ?? "", /MiB of 256 MiB/);
      await page.getByText("Nothing: everything received is kept.").waitFor();
    }, { hash: "#/pipeline", prepare: async (viewer) => void await sendShop(viewer.url) });
  },
);
