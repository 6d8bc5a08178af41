import assert from "node:assert/strict";
import { needsChromium } from "../_browser.ts";
import { eventually, sendLogs, withPage } from "../_parts.ts";

Deno.test(
  "logs arrive live, are filtered by severity and text, and open",
  needsChromium,
  async () => {
    await withPage(async ({ page, viewer }) => {
      await page.getByRole("heading", { name: "No logs yet" }).waitFor();
      const time = Date.now();
      await sendLogs(viewer, [
        { time, severity: 9, body: "kettle on" },
        { time: time + 1, severity: 13, body: "kettle hot", attributes: { celsius: 96 } },
        {
          time: time + 2,
          severity: 17,
          body: "kettle burst",
          attributes: {
            "exception.type": "SteamError",
            "exception.message": "too hot",
            "exception.stacktrace": "SteamError: too hot\n    at boil (kettle.ts:3:1)",
          },
        },
      ]);
      const texts = async () => {
        const all = await page.locator(".log-text").allInnerTexts();
        return all.map((text) => text.split(/\s+/).slice(0, 2).join(" "));
      };
      await eventually(texts, ["kettle burst", "kettle hot", "kettle on"]);
      await page.getByLabel("Severity").selectOption("13");
      await eventually(texts, ["kettle burst", "kettle hot"]);
      await page.getByLabel("Severity").selectOption("");
      await page.getByLabel("Search logs").fill("celsius");
      await eventually(texts, ["kettle hot"]);
      await page.getByLabel("Search logs").fill("burst");
      await eventually(texts, ["kettle burst"]);
      const line = page.getByRole("button", { name: /kettle burst/ });
      await line.click();
      assert.equal(await line.getAttribute("aria-expanded"), "true");
      assert.ok(
        (await page.getByLabel("Stack", { exact: true }).innerText()).includes(
          "at boil (kettle.ts:3:1)",
        ),
      );
    }, { hash: "#/logs" });
  },
);
