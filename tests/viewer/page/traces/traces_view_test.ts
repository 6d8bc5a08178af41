import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { needsChromium } from "../_browser.ts";
import { eventually, requestSpan, sendSpans, withPage } from "../_parts.ts";

async function namesIn(page: Page): Promise<string[]> {
  return await page.locator(".trace-row .row-link").allInnerTexts().then((texts) =>
    texts.map((text) => text.replaceAll(/\s+/g, " ").trim())
  );
}

/** Waits until the list is this, and no more. */
async function listIs(page: Page, names: readonly string[]): Promise<void> {
  await eventually(() => namesIn(page), names);
}

Deno.test("the list says what to do as long as there is nothing", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    await page.getByRole("heading", { name: "No traces yet" }).waitFor();
    const lines = await page.getByLabel("Environment variables to set").innerText();
    assert.ok(lines.includes(`OTEL_EXPORTER_OTLP_ENDPOINT=${viewer.url}`), lines);
  });
});

Deno.test("a trace arrives live, with its columns", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    await sendSpans(viewer, [requestSpan("/tea", {
      attributes: {
        "http.request.method": "GET",
        "http.route": "/tea",
        "http.response.status_code": 418,
      },
    })]);
    const row = page.getByRole("row", { name: "/tea" });
    await row.waitFor();
    const cells = await row.getByRole("cell").allInnerTexts();
    assert.deepEqual(cells.slice(0, 5).map((text) => text.trim()), [
      "shop",
      "GET\n/tea",
      "418",
      "20.0 ms",
      "1",
    ]);
    assert.match(cells[5] ?? "", /now|s ago/);
    assert.match(await row.getByRole("time").getAttribute("title") ?? "", /\d{4}.*\d\d:\d\d:\d\d/);
  });
});

Deno.test("filters narrow the list and stand in the address", needsChromium, async () => {
  await withPage(async ({ page, viewer, openAnother }) => {
    await sendSpans(viewer, [
      requestSpan("/fast"),
      requestSpan("/slow", { start: Date.now() - 900 }),
      requestSpan("/broken", { error: "no" }),
      requestSpan("/tagged", { attributes: { "http.route": "/tagged", colour: "green" } }),
    ]);
    await sendSpans(viewer, [requestSpan("/other")], "tea house");
    await page.getByRole("row", { name: "/other" }).waitFor();

    await page.getByLabel("Search traces").fill("slow");
    await listIs(page, ["GET /slow"]);
    await page.getByLabel("Search traces").fill("");

    await page.getByLabel("Status", { exact: true }).selectOption("error");
    await listIs(page, ["GET /broken"]);
    await page.getByLabel("Status", { exact: true }).selectOption("");

    await page.getByLabel("Minimum duration").fill("0.5s");
    await listIs(page, ["GET /slow"]);
    const shared = await openAnother(new URL(page.url()).hash);
    await listIs(shared.page, ["GET /slow"]);
    await shared.context.close();
    await page.getByLabel("Minimum duration").fill("");

    await page.getByLabel("Attribute, as key=value").fill("colour=green");
    await page.keyboard.press("Enter");
    await listIs(page, ["GET /tagged"]);
    await page.getByRole("button", { name: "Remove the filter colour = green" }).click();

    await page.getByLabel("Service", { exact: true }).selectOption("tea house");
    await listIs(page, ["GET /other"]);
    await page.getByLabel("Service", { exact: true }).selectOption("");
    await page.getByLabel("Route", { exact: true }).selectOption("/fast");
    await listIs(page, ["GET /fast"]);

    await page.getByLabel("Search traces").fill("nothing has this name");
    await page.getByRole("heading", { name: "No trace matches these filters" }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByRole("row", { name: "/other" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#/traces");
  });
});

Deno.test("new rows wait while the list is pointed at", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    await sendSpans(viewer, [requestSpan("/first")]);
    await page.getByRole("row", { name: "/first" }).hover();
    await sendSpans(viewer, [requestSpan("/second")]);
    const button = page.getByRole("button", { name: "1 new trace" });
    await button.waitFor();
    assert.deepEqual(await namesIn(page), ["GET /first"]);
    await button.click();
    await listIs(page, ["GET /second", "GET /first"]);
  });
});

Deno.test("a paused list stands still until it runs again", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    await sendSpans(viewer, [requestSpan("/first")]);
    await page.getByRole("row", { name: "/first" }).waitFor();
    await page.getByRole("button", { name: "Live" }).click();
    // Another page shows it: by then this one has heard of it too.
    await sendSpans(viewer, [requestSpan("/second")]);
    const other = await page.context().newPage();
    await other.goto(viewer.url);
    await other.getByRole("row", { name: "/second" }).waitFor();
    await other.close();
    assert.deepEqual(await namesIn(page), ["GET /first"]);
    await page.getByRole("button", { name: "Paused" }).click();
    await sendSpans(viewer, [requestSpan("/third")]);
    await page.mouse.move(0, 0);
    await page.getByRole("row", { name: "/third" }).waitFor();
  });
});

Deno.test("a list that has grown goes on where it ends", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    const routes = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => requestSpan(`/n${from + i}`));
    const names = (from: number, to: number) =>
      Array.from({ length: from - to + 1 }, (_, i) => `GET /n${from - i}`);
    await page.getByRole("row", { name: "/n100" }).waitFor();
    await sendSpans(viewer, routes(151, 220));
    await listIs(page, names(220, 51));
    await sendSpans(viewer, routes(221, 290));
    await listIs(page, names(290, 51));
    // The page after the newest hundred is shown already; the one after that is not.
    await page.getByRole("button", { name: "Load older traces" }).click();
    await listIs(page, names(290, 1));
  }, {
    prepare: async (viewer) => {
      await sendSpans(viewer, Array.from({ length: 150 }, (_, i) => requestSpan(`/n${i + 1}`)));
    },
  });
});

Deno.test(
  "a list that very much has come to begins anew, with nothing out of order",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer }) => {
      await page.getByRole("row", { name: "/old" }).waitFor();
      // Paused meanwhile, so that the list sees none of them before the last.
      await page.getByRole("button", { name: "Live" }).click();
      await sendSpans(viewer, Array.from({ length: 129 }, (_, i) => requestSpan(`/n${i + 1}`)));
      await page.getByRole("button", { name: "Paused" }).click();
      await page.mouse.move(0, 0);
      await sendSpans(viewer, [requestSpan("/n130")]);
      const names = (to: number) => Array.from({ length: 131 - to }, (_, i) => `GET /n${130 - i}`);
      // A hundred are asked for: before the last one came, or after.
      await eventually(async () => {
        const shown = await namesIn(page);
        const expected = names(shown.length === 101 ? 30 : 31);
        return JSON.stringify(shown) === JSON.stringify(expected);
      }, true);
      await page.getByRole("button", { name: "Load older traces" }).click();
      await listIs(page, [...names(1), "GET /old"]);
    }, { prepare: (viewer) => sendSpans(viewer, [requestSpan("/old")]) });
  },
);
