import assert from "node:assert/strict";
import { createTracedFetch } from "../../../framework/telemetry/http_client.ts";
import { ignoreRule } from "../../../framework/telemetry/http_client_ignore.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { startOrigin } from "./_origin.ts";

const shop = "https://shop.test/health";

for (
  const { what, ignored, url, expected } of [
    { what: "a URL", ignored: [shop], url: "https://shop.test/health?x=1", expected: true },
    { what: "another path", ignored: [shop], url: "https://shop.test/orders", expected: false },
    {
      what: "a host that begins like it",
      ignored: ["https://shop.test"],
      url: "https://shop.test.evil.test/",
      expected: false,
    },
    {
      what: "another port",
      ignored: [shop],
      url: "https://shop.test:8443/health",
      expected: false,
    },
    { what: "a pattern", ignored: [/\/health$/], url: shop, expected: true },
    { what: "one of several", ignored: [/no/, shop], url: shop, expected: true },
    { what: "nothing", ignored: [], url: shop, expected: false },
    { what: "a function", ignored: (url: URL) => url.port === "", url: shop, expected: true },
    {
      what: "a function that throws",
      ignored: () => {
        throw new Error("no");
      },
      url: shop,
      expected: false,
    },
  ]
) {
  Deno.test(`ignoreRule() says ${expected} by ${what}`, () => {
    assert.equal(ignoreRule(ignored)(new URL(url)), expected);
  });
}

Deno.test("ignoreRule() says the same each time by a pattern that remembers", () => {
  const rule = ignoreRule([/health/g]);
  const said = [1, 2, 3].map(() => rule(new URL(shop)));
  assert.deepEqual(said, [true, true, true]);
});

for (const ignored of [["/health"], ["no url"], [5], "https://shop.test", ["data:,x"]]) {
  Deno.test(`ignoreRule() refuses ${JSON.stringify(ignored)}`, () => {
    assert.throws(
      () => ignoreRule(ignored as unknown as string[]),
      { name: "TypeError", message: /expected / },
    );
  });
}

Deno.test("createTracedFetch() sends what it is to ignore without a span or a header", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native, { ignore: [`${origin.url}/health`] });
  await (await fetch(`${origin.url}/health`)).body?.cancel();
  assert.deepEqual(telemetry.spans(), []);
  assert.equal(origin.seen[0]?.has("traceparent"), false);
});

const native = globalThis.fetch;
