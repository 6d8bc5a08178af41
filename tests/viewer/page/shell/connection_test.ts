import assert from "node:assert/strict";
import { startViewer } from "@echelon/viewer";
import { needsChromium, startBrowser } from "../_browser.ts";
import { requestSpan, sendSpans } from "../_parts.ts";
import { startTestViewer } from "../_viewer.ts";

Deno.test(
  "the page says that the viewer is away, and goes on when it is back",
  needsChromium,
  async () => {
    await using browser = await startBrowser();
    const first = await startTestViewer();
    const { page } = await browser.open(first.url);
    await page.getByText("Connected").waitFor();
    await sendSpans(first, [requestSpan("/before")]);
    await page.getByRole("row", { name: "/before" }).waitFor();
    await first.shutdown();
    await page.getByRole("alert").getByText("The viewer does not answer").waitFor();
    await page.getByText("Reconnecting").waitFor();
    assert.equal(await page.getByRole("row", { name: "/before" }).count(), 1);

    await using second = await startViewer({ port: first.port, exactPort: true });
    await page.getByText("Connected").waitFor();
    await sendSpans(second, [requestSpan("/after")]);
    await page.getByRole("row", { name: "/after" }).waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
  },
);
