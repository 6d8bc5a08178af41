import assert from "node:assert/strict";
import { cors, type CorsOptions } from "../../../framework/middleware/cors.ts";
import { request, testApp } from "../../_app.ts";

const SHOP = "https://shop.example";

function shopApp(options: CorsOptions) {
  const app = testApp();
  app.use(cors(options));
  app.get("/orders", () => "orders");
  app.get("/fail", () => {
    throw new Error("no");
  });
  return app;
}

const from = (origin: string, path = "/orders") => request(path, { headers: { origin } });

const preflight = (origin: string, headers?: string) =>
  request("/orders", {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "PUT",
      ...(headers && { "access-control-request-headers": headers }),
    },
  });

/** The headers of the protocol alone. */
function corsHeaders(response: Response): Record<string, string> {
  const own = [...response.headers].filter(([name]) =>
    name.startsWith("access-control-") || name === "vary"
  );
  return Object.fromEntries(own);
}

Deno.test("cors() lets everyone read with *, and needs no Vary for it", async () => {
  const app = shopApp({ origin: "*", exposedHeaders: ["x-total", "x-page"] });
  const response = await app.handle(from(SHOP));
  assert.equal(await response.text(), "orders");
  assert.deepEqual(corsHeaders(response), {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-total, x-page",
  });
});

Deno.test("cors() names an origin of the list, and none that only looks like one", async () => {
  const app = shopApp({ origin: [SHOP, "http://localhost:5173"], credentials: true });
  assert.deepEqual(corsHeaders(await app.handle(from("http://localhost:5173"))), {
    "access-control-allow-credentials": "true",
    "access-control-allow-origin": "http://localhost:5173",
    vary: "origin",
  });
  for (
    const origin of [`${SHOP}.evil.example`, "http://shop.example", `${SHOP}:8443`, "null", ""]
  ) {
    const response = await app.handle(from(origin));
    assert.equal(response.status, 200);
    assert.deepEqual(corsHeaders(response), { vary: "origin" });
  }
  assert.deepEqual(corsHeaders(await app.handle(request("/orders"))), { vary: "origin" });
});

Deno.test("cors() asks a function, which may take its time", async () => {
  const app = shopApp({
    origin: async (origin, ctx) => {
      await Promise.resolve();
      return origin.endsWith(".shop.example") && ctx.path === "/orders";
    },
  });
  const allowed = await app.handle(from("https://a.shop.example"));
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://a.shop.example");
  const refused = await app.handle(from("https://shop.evil"));
  assert.equal(refused.headers.get("access-control-allow-origin"), null);
});

Deno.test("cors() puts its headers on errors too, so that a page can read them", async () => {
  const app = shopApp({ origin: SHOP });
  for (const [path, status] of [["/fail", 500], ["/nowhere", 404]] as const) {
    const response = await app.handle(from(SHOP, path));
    assert.equal(response.status, status);
    assert.equal(response.headers.get("access-control-allow-origin"), SHOP);
  }
});

Deno.test("cors() answers a preflight of a path that has no OPTIONS route", async () => {
  const app = shopApp({ origin: SHOP, credentials: true, maxAge: 600 });
  const response = await app.handle(preflight(SHOP, "content-type,x-shop"));
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("allow"), null, "the automatic answer was not asked");
  assert.deepEqual(corsHeaders(response), {
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "content-type,x-shop",
    "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
    "access-control-allow-origin": SHOP,
    "access-control-max-age": "600",
    vary: "origin, access-control-request-headers",
  });
});

Deno.test("cors() names the methods and headers it was told, whatever is asked for", async () => {
  const app = shopApp({ origin: "*", methods: ["GET"], allowedHeaders: ["x-shop"] });
  assert.deepEqual(corsHeaders(await app.handle(preflight(SHOP, "x-other"))), {
    "access-control-allow-headers": "x-shop",
    "access-control-allow-methods": "GET",
    "access-control-allow-origin": "*",
  });
});

Deno.test("cors() allows nothing in the preflight of another origin", async () => {
  const app = shopApp({ origin: SHOP });
  const response = await app.handle(preflight("https://evil.example"));
  assert.equal(response.status, 204);
  assert.deepEqual(corsHeaders(response), { vary: "origin, access-control-request-headers" });
});

Deno.test("cors() leaves an OPTIONS that is no preflight to the application", async () => {
  const app = shopApp({ origin: SHOP });
  const headers = { origin: SHOP };
  const response = await app.handle(request("/orders", { method: "OPTIONS", headers }));
  assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal(response.headers.get("access-control-allow-methods"), null);
});

Deno.test("cors() refuses * together with credentials, wherever it stands", () => {
  const options: [string, CorsOptions][] = [
    ["origin", { origin: "*" }],
    ["origin", { origin: [SHOP, "*"] }],
    ["methods", { origin: SHOP, methods: ["*"] }],
    ["allowedHeaders", { origin: SHOP, allowedHeaders: ["*"] }],
    ["exposedHeaders", { origin: SHOP, exposedHeaders: ["x-total", "*"] }],
  ];
  for (const [name, option] of options) {
    assert.throws(() => cors({ ...option, credentials: true }), {
      name: "TypeError",
      message: `Cannot allow credentials together with "*" as ${name}: ` +
        "browsers refuse that; list what is allowed",
    });
  }
});

Deno.test("cors() refuses an origin that no browser would send", () => {
  for (
    const origin of [
      `${SHOP}/`,
      "shop.example",
      "https://Shop.example",
      `${SHOP}:443`,
      "null",
      "*.",
    ]
  ) {
    assert.throws(() => cors({ origin: [origin] }), {
      name: "TypeError",
      message: new RegExp(
        `^Cannot allow the origin "${origin.replaceAll(/[.*]/g, "\\$&")}": expected`,
      ),
    });
  }
  for (const origin of ["http://[::1]:8000", "capacitor://localhost"]) cors({ origin });
});
