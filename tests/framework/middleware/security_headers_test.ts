import assert from "node:assert/strict";
import {
  securityHeaders,
  type SecurityHeadersOptions,
} from "../../../framework/middleware/security_headers.ts";
import { request, testApp } from "../../_app.ts";

async function headersWith(
  options: SecurityHeadersOptions | undefined,
  req = request("/"),
): Promise<Record<string, string>> {
  const app = testApp();
  app.use(options === undefined ? securityHeaders() : securityHeaders(options));
  app.get("/", () => "page");
  const { headers } = await app.handle(req);
  headers.delete("content-type");
  return Object.fromEntries(headers);
}

const INSECURE_DEFAULTS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

Deno.test("securityHeaders() sets its defaults, and Strict-Transport-Security only over HTTPS", async () => {
  assert.deepEqual(await headersWith(undefined), INSECURE_DEFAULTS);
  assert.deepEqual(await headersWith(undefined, new Request("https://shop.test/")), {
    ...INSECURE_DEFAULTS,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
  });
});

Deno.test("securityHeaders() lets every header be changed or switched off", async () => {
  const headers = await headersWith({
    contentSecurityPolicy: {
      "default-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "upgrade-insecure-requests": [],
    },
    contentSecurityPolicyReportOnly: "default-src 'none'",
    crossOriginEmbedderPolicy: "require-corp",
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: "cross-origin",
    originAgentCluster: false,
    permissionsPolicy: "camera=()",
    referrerPolicy: "same-origin",
    strictTransportSecurity: "max-age=60",
    xContentTypeOptions: false,
    xDnsPrefetchControl: false,
    xFrameOptions: "DENY",
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  }, new Request("https://shop.test/"));
  assert.deepEqual(headers, {
    "content-security-policy":
      "default-src 'self'; img-src 'self' data:; upgrade-insecure-requests",
    "content-security-policy-report-only": "default-src 'none'",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "cross-origin",
    "permissions-policy": "camera=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=60",
    "x-frame-options": "DENY",
  });
});

Deno.test("securityHeaders() covers errors, and gives way to a response's own header", async () => {
  const app = testApp();
  app.use(securityHeaders());
  app.get("/", (ctx) => ctx.text("framed", { headers: { "x-frame-options": "DENY" } }));
  const own = await app.handle(request("/"));
  assert.equal(own.headers.get("x-frame-options"), "DENY");
  const missing = await app.handle(request("/nowhere"));
  assert.equal(missing.status, 404);
  assert.equal(missing.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("securityHeaders() refuses what would not be the header that was meant", () => {
  assert.throws(
    () => securityHeaders({ contentSecurityPolicy: { "img-src": ["a.example; script-src *"] } }),
    {
      name: "TypeError",
      message: 'Cannot use "img-src a.example; script-src *" in a content security policy: ' +
        '";" and "," would end the directive',
    },
  );
  assert.throws(() => securityHeaders({ referrerPolicy: "no\r\nset-cookie: a=b" }), TypeError);
});
