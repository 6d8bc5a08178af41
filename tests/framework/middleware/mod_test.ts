import assert from "node:assert/strict";
import {
  bodyLimit,
  compress,
  cors,
  rateLimit,
  requestId,
  securityHeaders,
  timeout,
} from "../../../framework/middleware/mod.ts";

Deno.test("every stock middleware carries the name that its span will have", () => {
  const middleware = [
    bodyLimit(1),
    compress(),
    cors({ origin: "*" }),
    rateLimit({ limit: 1 }),
    requestId(),
    securityHeaders(),
    timeout(1),
  ];
  assert.deepEqual(middleware.map(({ name }) => name), [
    "bodyLimit",
    "compress",
    "cors",
    "rateLimit",
    "requestId",
    "securityHeaders",
    "timeout",
  ]);
});
