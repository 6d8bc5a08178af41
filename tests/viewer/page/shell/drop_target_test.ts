import { needsChromium } from "../_browser.ts";
import { traceRequest } from "../_otlp_json.ts";
import { requestSpan, withPage } from "../_parts.ts";

/** Drops a file of some text on the page. */
function dropping(name: string, text: string): string {
  return `{
    const files = new DataTransfer();
    files.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }),
      );
    }
  }`;
}

Deno.test("a file that is dropped on the page is imported", needsChromium, async () => {
  await withPage(async ({ page }) => {
    const request = traceRequest({ "service.name": "elsewhere" }, [requestSpan("/imported")]);
    await page.evaluate(dropping("trace.json", JSON.stringify(request)));
    await page.locator(".notice").getByText("trace.json: imported 1 spans").waitFor();
    await page.getByRole("row", { name: "/imported" }).waitFor();
  });
});

Deno.test("a file that is no OTLP JSON is refused with a reason", needsChromium, async () => {
  await withPage(async ({ page, errors }) => {
    await page.evaluate(dropping("holiday.jpg", "not JSON at all"));
    await page.locator(".notice").getByText(/^holiday\.jpg: .*(refused|JSON)/).waitFor();
    // Whether the answer is an error or a list of problems is the API's choice.
    errors.length = 0;
  });
});
