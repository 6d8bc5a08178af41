import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { eventually, newId, requestSpan, sendSpans, withPage } from "../_parts.ts";

Deno.test("the page can be used by keyboard alone", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    const root = requestSpan("/by/keys");
    await sendSpans(viewer, [
      root,
      {
        traceId: root.traceId,
        spanId: newId(16),
        parentSpanId: root.spanId,
        name: "inner step",
        start: root.start + 1,
        end: root.start + 5,
        attributes: { reached: "yes" },
      },
      requestSpan("/another"),
    ]);
    await page.getByRole("row", { name: "/another" }).waitFor();
    const { keyboard } = page;
    const focused = () => page.evaluate<string>("document.activeElement.textContent");

    await keyboard.press("/");
    await keyboard.type("by keys?");
    await page.getByRole("heading", { name: /No trace matches/ }).waitFor();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type("/by/");
    await page.getByRole("row", { name: "/by/keys" }).waitFor();
    await page.getByRole("row", { name: "/another" }).waitFor({ state: "detached" });
    await keyboard.press("Escape");
    await keyboard.press("j");
    await eventually(focused, "GET/by/keys");
    await keyboard.press("Enter");

    await page.getByRole("row", { name: "inner step" }).waitFor();
    await eventually(
      () => page.evaluate<string | null>("document.activeElement.getAttribute('role')"),
      "treegrid",
    );
    await keyboard.press("ArrowDown");
    await keyboard.press("j");
    const details = page.getByRole("complementary", { name: "Details of the span" });
    await details.getByRole("heading", { name: "inner step" }).waitFor();
    await keyboard.press("Enter");
    await eventually(
      () => page.evaluate<string | null>("document.activeElement.getAttribute('aria-label')"),
      "Details of the span",
    );
    await keyboard.press("Escape");
    await details.waitFor({ state: "detached" });
    await keyboard.press("k");
    await keyboard.press("Home");
    await keyboard.press("ArrowLeft");
    await page.getByRole("row", { name: "inner step" }).waitFor({ state: "detached" });
    await keyboard.press("ArrowRight");
    await page.getByRole("row", { name: "inner step" }).waitFor();
    await keyboard.press("+");
    await page.getByRole("button", { name: "Show the whole time" }).waitFor();
    await keyboard.press("0");
    await keyboard.press("Escape");
    await keyboard.press("Escape");
    await page.getByRole("table", { name: "Traces" }).waitFor();

    for (
      const [key, view] of [["s", "Service map"], ["m", "Metrics"], ["l", "Logs"], [
        "p",
        "Pipeline",
      ], ["t", "Traces"]] as const
    ) {
      await keyboard.press("g");
      await keyboard.press(key);
      await page.getByRole("region", { name: view, exact: true }).waitFor();
    }
    await keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "hidden" });
  });
});

Deno.test(
  "the theme follows the system until it is chosen, and is remembered",
  needsChromium,
  async () => {
    await withPage(async ({ page }) => {
      const theme = () => page.evaluate<string>("document.documentElement.dataset.theme");
      const background = () =>
        page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
      assert.equal(await theme(), "dark");
      const dark = await background();
      await page.getByRole("button", { name: "Use the light theme" }).click();
      assert.equal(await theme(), "light");
      assert.notEqual(await background(), dark);
      await page.reload();
      await page.getByText("Connected").waitFor();
      assert.equal(await theme(), "light");
      await page.keyboard.press("t");
      await eventually(theme, "dark");
    }, { dark: true });
  },
);
