import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { metricRequest, send } from "../_otlp_json.ts";
import { newId, requestSpan, sendLogs, sendSpans, withPage } from "../_parts.ts";

const MARKUP = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>{{7*7}}`;
const LONG = "long ".repeat(200_000);
const TURNED = "safe\u202egnp.exe";

Deno.test(
  "data that is markup, far too long or turned around is shown as text",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer, goTo }) => {
      const root = requestSpan(MARKUP, {
        name: MARKUP,
        attributes: {
          [MARKUP]: MARKUP,
          "long": LONG,
          "turned": TURNED,
          "a link": "javascript:window.ran=1",
          "http.route": MARKUP,
          "http.request.method": MARKUP,
        },
        events: [{
          name: "exception",
          time: Date.now(),
          attributes: { "exception.type": MARKUP, "exception.stacktrace": MARKUP },
        }],
        links: [{ traceId: newId(32), spanId: newId(16), attributes: { [MARKUP]: MARKUP } }],
        error: MARKUP,
      });
      await sendSpans(viewer, [root], MARKUP);
      await sendLogs(viewer, [{
        time: Date.now(),
        severity: 17,
        body: MARKUP + LONG,
        attributes: { [MARKUP]: MARKUP },
        traceId: root.traceId,
        spanId: root.spanId,
      }]);
      await send(
        viewer.url,
        "metrics",
        metricRequest({ "service.name": MARKUP }, [{
          name: MARKUP,
          unit: MARKUP,
          description: MARKUP,
          type: "gauge",
          points: [{
            start: Date.now() - 10,
            time: Date.now(),
            value: 1,
            attributes: { [MARKUP]: MARKUP },
          }],
        }]),
      );

      await page.locator(".trace-row").getByText("<img src=x").first().waitFor();
      await page.locator(".trace-row .row-link").click();
      await page.locator(".w-rows .w-row").first().click();
      const details = page.getByRole("complementary", { name: "Details of the span" });
      await details.getByText("<img src=x").first().waitFor();
      await details.getByText("safe⟨U+202E⟩gnp.exe").waitFor();
      const shown = details.locator(".attributes > div").filter({ hasText: "long long" }).locator(
        "dd",
      );
      assert.ok((await shown.innerText()).length < 3000);
      await shown.getByRole("button", { name: /^Show more/ }).click();
      await shown.getByText(/^(long ){4000}/).waitFor();

      for (const hash of ["#/map", "#/metrics", "#/logs", "#/pipeline"]) {
        await goTo(hash);
        if (hash !== "#/pipeline") {
          await page.getByText("<img src=x").filter({ visible: true }).first().waitFor();
        }
        if (hash === "#/logs") {
          await page.locator(".log-button").click();
          await page.locator(".log-open").getByText("<img src=x").first().waitFor();
        }
        assert.equal(await page.evaluate("window.ran"), undefined);
        assert.equal(await page.locator("#app img").count(), 0);
      }
      const targets = await page.evaluate<string[]>(
        "[...document.querySelectorAll('[href]')].map((one) => one.getAttribute('href'))",
      );
      assert.deepEqual(targets.filter((target) => target.includes("javascript:")), []);
    });
  },
);

Deno.test(
  "a circle of parents, missing parents and spans of the future are shown and said",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer, goTo }) => {
      const traceId = newId(32);
      const [a, b, lost, late] = [newId(16), newId(16), newId(16), newId(16)];
      const now = Date.now();
      const span = (
        spanId: string,
        parentSpanId: string | undefined,
        start: number,
        name: string,
      ) => ({
        traceId,
        spanId,
        parentSpanId,
        name,
        start,
        end: start + 5,
      });
      await sendSpans(viewer, [
        span(a, b, now, "circle a"),
        span(b, a, now, "circle b"),
        span(lost, newId(16), now + 1, "lost"),
        span(late, undefined, now + 3_600_000, "from the future"),
      ]);
      await goTo(`#/trace/${traceId}`);
      for (const name of ["circle a", "circle b", "lost", "from the future"]) {
        await page.getByRole("treegrid").getByRole("row", { name }).waitFor();
      }
      await page.getByRole("row", { name: "lost" }).click();
      await page.getByText("Its parent has not arrived.").waitFor();
      await page.getByRole("row", { name: "from the future" }).click();
      await page.getByText(/starts more than a minute after it arrived/).waitFor();
    });
  },
);

Deno.test("an address that names nothing says so", needsChromium, async () => {
  await withPage(async ({ page, goTo, errors }) => {
    await goTo(`#/trace/${newId(32)}`);
    await page.getByRole("heading", { name: "This trace is not here" }).waitFor();
    await goTo("#/no-such-view/%zz?q=%");
    await page.getByRole("heading", { name: "No trace matches these filters" }).waitFor();
    // The browser itself tells of an answer with the status 404; nothing else may be wrong.
    const others = errors.filter((text) => !text.includes("404"));
    assert.deepEqual(others, []);
    errors.length = 0;
  });
});
