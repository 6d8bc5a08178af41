import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { collectorTest, startCollector } from "./_collector.ts";
import { postSpans, traceId } from "./_posted.ts";

collectorTest("the receiver lets no page of another origin in", async () => {
  await using collector = await startCollector();
  const response = await fetch(`${collector.url}/v1/traces`, {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  await response.body?.cancel();
  assert.equal(response.headers.get("access-control-allow-origin"), null);
  assert.notEqual(response.status, 204);
});

collectorTest(
  "the receiver refuses a small request that becomes a large one, and goes on",
  async () => {
    await using collector = await startCollector();
    const response = await fetch(`${collector.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: new Uint8Array(gzipSync(new Uint8Array(64 * 1024 * 1024))),
    });
    assert.ok(response.status >= 400, `${response.status}`);
    await response.body?.cancel();
    await postSpans(collector.url, [{ traceId: traceId(1) }]);
  },
);
