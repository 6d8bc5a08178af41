import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { sendShop } from "../_shop.ts";
import { newId, requestSpan, sendLogs, sendSpans, withPage } from "../_parts.ts";
import type { SentSpan } from "../_otlp_json.ts";

/** An order and the job behind it, linked. */
function orderAndJob(): { order: SentSpan; enqueue: SentSpan; process: SentSpan } {
  const order = requestSpan("/orders", { start: Date.now() - 50 });
  const { traceId, spanId, start } = order;
  const enqueue: SentSpan = {
    traceId,
    spanId: newId(16),
    parentSpanId: spanId,
    name: "job.enqueue",
    kind: "producer",
    start: start + 10,
    end: start + 12,
    attributes: { "job.name": "receipt.send" },
  };
  const process: SentSpan = {
    traceId: newId(32),
    spanId: newId(16),
    name: "job.process",
    kind: "consumer",
    start: start + 30,
    end: start + 44,
    links: [{ traceId, spanId: enqueue.spanId }],
    events: [{
      name: "exception",
      time: start + 40,
      attributes: {
        "exception.type": "MailServerBusy",
        "exception.message": "try again later",
        "exception.stacktrace": "MailServerBusy: try again later\n    at send (mail.ts:1:1)",
      },
    }],
    error: "try again later",
  };
  return { order, enqueue, process };
}

Deno.test(
  "a trace opens as a waterfall with its nesting, and closes with Escape",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer }) => {
      const { order, enqueue } = orderAndJob();
      await sendSpans(viewer, [order, enqueue]);
      await page.getByRole("row", { name: "/orders" }).click();
      const grid = page.getByRole("treegrid", { name: "Spans and logs of the trace" });
      const root = grid.getByRole("row", { name: "GET /orders" });
      const child = grid.getByRole("row", { name: "job.enqueue" });
      await child.waitFor();
      assert.equal(await root.getAttribute("aria-level"), "1");
      assert.equal(await root.getAttribute("aria-expanded"), "true");
      assert.equal(await child.getAttribute("aria-level"), "2");
      const [outer, inner] = await Promise.all(
        [root, child].map((row) => row.locator(".w-bar").boundingBox()),
      );
      assert.ok(outer && inner);
      assert.ok(inner.x > outer.x && inner.x + inner.width < outer.x + outer.width);
      assert.ok(await root.locator(".w-critical").count() > 0);

      await root.getByRole("button", { name: /^Collapse/ }).click();
      await child.waitFor({ state: "detached" });
      await root.getByRole("button", { name: /^Expand/ }).click();
      await child.waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("table", { name: "Traces" }).waitFor();
    });
  },
);

Deno.test("a link leads from job.enqueue to job.process and back", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    const { order, enqueue, process } = orderAndJob();
    await sendSpans(viewer, [order, enqueue, process]);
    await page.getByRole("row", { name: "/orders" }).click();
    await page.getByRole("row", { name: "job.enqueue" }).click();
    await page.getByRole("link", { name: /linked from job\.process/ }).click();

    const details = page.getByRole("complementary", { name: "Details of the span" });
    await details.getByRole("heading", { name: "job.process" }).waitFor();
    assert.ok(page.url().includes(process.traceId));
    await details.getByText("MailServerBusy: try again later", { exact: false }).first().waitFor();
    assert.ok(
      (await details.getByLabel("Stack", { exact: true }).innerText()).includes(
        "at send (mail.ts:1:1)",
      ),
    );

    await details.getByRole("link", { name: /links to job\.enqueue/ }).click();
    await details.getByRole("heading", { name: "job.enqueue" }).waitFor();
    assert.ok(page.url().includes(order.traceId));
  });
});

Deno.test(
  "a log stands inside its trace, and leads there from the logs",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer, goTo }) => {
      const { order, enqueue } = orderAndJob();
      await sendSpans(viewer, [order, enqueue]);
      await sendLogs(viewer, [{
        time: enqueue.start + 1,
        severity: 9,
        body: "receipt is on its way",
        traceId: order.traceId,
        spanId: enqueue.spanId,
        attributes: { order: 7 },
      }]);
      await goTo("#/logs");
      const line = page.getByRole("listitem").filter({ hasText: "receipt is on its way" });
      await line.getByRole("link", { name: /^Trace / }).click();
      const row = page.getByRole("treegrid").getByRole("row", { name: "receipt is on its way" });
      await row.waitFor();
      assert.equal(await row.getAttribute("aria-level"), "3");
      assert.equal(await row.getAttribute("aria-selected"), "true");
      await page.getByRole("complementary", { name: "Details of the log" }).getByText("order")
        .waitFor();
    });
  },
);

Deno.test("an attribute can be copied, and looked for in other traces", needsChromium, async () => {
  await withPage(async ({ page, viewer, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const { order, enqueue } = orderAndJob();
    await sendSpans(viewer, [order, enqueue, requestSpan("/elsewhere")]);
    await page.getByRole("row", { name: "/orders" }).click();
    await page.getByRole("row", { name: "job.enqueue" }).click();
    await page.getByRole("button", { name: "Copy job.name" }).click();
    await page.getByText("Copied job.name").waitFor({ state: "attached" });
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), "receipt.send");
    await page.getByRole("link", { name: "Traces with this job.name" }).click();
    await page.getByRole("row", { name: "/orders" }).waitFor();
    assert.equal(await page.getByRole("row", { name: "/elsewhere" }).count(), 0);
  });
});

Deno.test("an open trace grows while its spans arrive", needsChromium, async () => {
  await withPage(async ({ page, viewer }) => {
    const { order, enqueue } = orderAndJob();
    await sendSpans(viewer, [order]);
    await page.getByRole("row", { name: "/orders" }).click();
    await page.getByRole("treegrid").getByRole("row", { name: "GET /orders" }).waitFor();
    await sendSpans(viewer, [enqueue]);
    await page.getByRole("row", { name: "job.enqueue" }).waitFor();
  });
});

Deno.test(
  "a trace is exported as OTLP JSON that can be imported again",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer }) => {
      const { order, enqueue } = orderAndJob();
      await sendSpans(viewer, [order, enqueue]);
      await page.getByRole("row", { name: "/orders" }).click();
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Export" }).click();
      const file = await (await download).path();
      const text = await Deno.readTextFile(file);
      assert.ok(text.includes(order.traceId) && text.includes("job.enqueue"), text);
    });
  },
);

Deno.test("the made-up shop's failed payment tells why it failed", needsChromium, async () => {
  const sent: { failedTraceId?: string } = {};
  await withPage(async ({ page, goTo }) => {
    await goTo(`#/trace/${sent.failedTraceId}`);
    await page.getByRole("row", { name: "shop.charge" }).click();
    const details = page.getByRole("complementary", { name: "Details of the span" });
    await details.getByText("PaymentUnavailableError").first().waitFor();
    const failed = page.getByRole("treegrid").getByRole("img", { name: "Failed" });
    assert.equal(await failed.count(), 11);
  }, {
    prepare: async (viewer) => void Object.assign(sent, await sendShop(viewer.url)),
  });
});
