import assert from "node:assert/strict";
import {
  parseBaseEndpoint,
  parseEndpoint,
  redactedUrl,
  signalEndpoint,
} from "../../../telemetry-sdk/config/endpoint.ts";

Deno.test("parseEndpoint() accepts every address that has one meaning", () => {
  const meanings = {
    "localhost:4318": "http://localhost:4318/",
    "localhost": "http://localhost/",
    "127.0.0.1:4318/x": "http://127.0.0.1:4318/x",
    "[::1]:4318": "http://[::1]:4318/",
    "HTTPS://Collector.example": "https://collector.example/",
    "https://c.example/a/b?key=1#part": "https://c.example/a/b?key=1",
  };
  for (const [text, value] of Object.entries(meanings)) {
    assert.deepEqual(parseEndpoint(text), { value }, text);
  }
});

Deno.test("parseEndpoint() refuses what would be sent elsewhere or nowhere", () => {
  const texts = [
    "http://h:99999",
    "ftp://h",
    "http:/127.0.0.1:4318",
    "unix:/var/run/otel.sock",
    "http://",
    "h o:1",
    "http://h/a b",
    "http:// h",
    "::",
    "grpc://h:4317",
  ];
  for (const text of texts) {
    const { value, problem } = parseEndpoint(text);
    assert.equal(value, undefined, text);
    assert.match(problem ?? "", /expected an http:\/\/ or https:\/\/ URL/);
  }
});

Deno.test("parseBaseEndpoint() takes a signal's path off, so that it is not doubled", () => {
  assert.deepEqual(parseBaseEndpoint("http://h:1/otlp"), { value: "http://h:1/otlp" });
  for (
    const [text, base] of [
      ["http://h:1/v1/traces", "http://h:1/"],
      ["h:1/otlp/v1/metrics/", "http://h:1/otlp"],
    ] as const
  ) {
    const { value, problem } = parseBaseEndpoint(text);
    assert.equal(value, base);
    assert.match(problem ?? "", /expected the base/);
  }
});

Deno.test("signalEndpoint() adds the signal's path and keeps the query", () => {
  assert.equal(signalEndpoint("http://h:1/", "traces"), "http://h:1/v1/traces");
  assert.equal(
    signalEndpoint("http://h:1/otlp//?k=v", "metrics"),
    "http://h:1/otlp/v1/metrics?k=v",
  );
});

Deno.test("redactedUrl() shows neither credentials nor query values", () => {
  const shown = redactedUrl("https://user:hunter2@h.example/p?token=s3cret&x=1");
  assert.equal(shown, "https://h.example/p?token=REDACTED&x=REDACTED");
});
