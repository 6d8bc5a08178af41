import assert from "node:assert/strict";
import { assertTrustedOrigins, judgeOrigin } from "../../../framework/auth/csrf_origin.ts";

const trusted = new Set(["https://app.example"]);

function judge(
  headers: HeadersInit,
  origin: { scheme?: string; host?: string; port?: number } = {},
) {
  const { scheme = "https", host = "shop.example", port } = origin;
  const own = { scheme, host, port, clientAddress: undefined, peer: undefined };
  return judgeOrigin({ headers: new Headers(headers), origin: own }, trusted).kind;
}

Deno.test("judgeOrigin() believes Sec-Fetch-Site first", () => {
  const elsewhere = { origin: "https://elsewhere.example" };
  assert.equal(judge({ "sec-fetch-site": "same-origin", ...elsewhere }), "trusted");
  assert.equal(judge({ "sec-fetch-site": "none" }), "trusted");
  assert.equal(judge({ "sec-fetch-site": "same-site", origin: "https://shop.example" }), "foreign");
  assert.equal(judge({ "sec-fetch-site": "cross-site" }), "foreign");
  assert.equal(judge({ "sec-fetch-site": "anything else" }), "foreign");
  assert.equal(judge({ "sec-fetch-site": "cross-site", origin: "https://app.example" }), "trusted");
});

Deno.test("judgeOrigin() compares Origin with the host that the client asked for", () => {
  assert.equal(judge({ origin: "https://shop.example" }), "trusted");
  assert.equal(
    judge({ origin: "https://shop.example" }, { host: "Shop.Example", port: 443 }),
    "trusted",
  );
  assert.equal(
    judge({ origin: "http://[::1]:8000" }, { scheme: "http", host: "::1", port: 8000 }),
    "trusted",
  );
  assert.equal(judge({ origin: "https://app.example" }), "trusted");
  for (
    const origin of [
      "http://shop.example",
      "https://shop.example:8443",
      "https://shop.example.evil",
      "null",
      "",
    ]
  ) {
    assert.equal(judge({ origin }), "foreign", origin);
  }
});

Deno.test("judgeOrigin() does not know where a request without either comes from", () => {
  assert.equal(judge({}), "unknown");
});

Deno.test("assertTrustedOrigins() refuses what could never match", () => {
  assertTrustedOrigins(["https://app.example", "http://localhost:8000"]);
  for (const origin of ["app.example", "https://app.example/", "https://app.example:443", "*"]) {
    assert.throws(() => assertTrustedOrigins([origin]), {
      name: "TypeError",
      message:
        `The trusted origin "${origin}" is not valid: expected one such as "https://app.example"`,
    });
  }
});
