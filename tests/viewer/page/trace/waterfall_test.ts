import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import type { SentSpan } from "../_otlp_json.ts";
import { eventually, newId, requestSpan, sendSpans, withPage } from "../_parts.ts";

for (const count of [1000, 20_000]) {
  Deno.test(`a trace of ${count} spans keeps the page small`, needsChromium, async () => {
    await withPage(async ({ page, viewer, goTo }) => {
      const root = requestSpan("/large", { start: Date.now() - count, end: Date.now() });
      const spans = Array.from({ length: count - 1 }, (_, i): SentSpan => ({
        traceId: root.traceId,
        spanId: newId(16),
        parentSpanId: root.spanId,
        name: `step ${i}`,
        start: root.start + i,
        end: root.start + i + 1,
      }));
      for (let i = 0; i < spans.length; i += 2000) {
        await sendSpans(viewer, spans.slice(i, i + 2000));
      }
      await sendSpans(viewer, [root]);
      await goTo(`#/trace/${root.traceId}`);
      const grid = page.getByRole("treegrid");
      await grid.getByRole("row", { name: "step 5", exact: false }).first().waitFor();
      await eventually(() => grid.getAttribute("aria-rowcount"), String(count + 1));
      const nodes = () => page.evaluate<number>("document.querySelectorAll('*').length");
      assert.ok(await nodes() < 2500, `${await nodes()} elements`);

      await grid.press("End");
      await grid.getByRole("row", { name: `step ${count - 2}` }).waitFor();
      assert.ok(await nodes() < 2500, `${await nodes()} elements at the end`);
      await page.getByRole("heading", { name: `step ${count - 2}` }).waitFor();
      await grid.press("Home");
      await grid.getByRole("row", { name: "GET /large" }).waitFor();
    });
  });
}
