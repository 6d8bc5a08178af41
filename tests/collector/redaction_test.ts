import assert from "node:assert/strict";
import { collectorTest, startCollector, until } from "./_collector.ts";
import { postCounter, postLogs, postSpans, traceId } from "./_posted.ts";

/** Text with a secret in it, and what may be left of it. */
const SECRETS: Readonly<Record<string, readonly [text: string, left: RegExp]>> = {
  bearer: ["Authorization: Bearer abcdefgh12345678", /^Authorization: \*+$/],
  jwt: ["got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl today", /^got \*+ today$/],
  visa: ["card 4111111111111111", /^card \*+$/],
  spaced: ["card 5555 5555 5555 4444 was refused", /^card \*+ was refused$/],
  amex: ["378282246310005", /^\*+$/],
  address: ["postgres://shop:hunter2@db/orders", /^postgres\*+db\/orders$/],
  aws: ["key AKIAIOSFODNN7EXAMPLE", /^key \*+$/],
  pair: ["retry=1&password=hunter2&page=2", /^retry=1&\*+&page=2$/],
  json: [`{"api_key": "hunter2"}`, /^\{"\*+"\}$/],
  pem: ["-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", /^\*+$/],
};

/** Text that looks a little like a secret and has to stay as it is. */
const HARMLESS = {
  nanoseconds: "1763848801000000000",
  milliseconds: "1763848801000",
  trace: "0af7651916cd43dd8448eb211c80319c",
  uuid: "4f1c7f9e-4111-4111-8111-111111111111",
  url: "https://shop.example:8443/orders?page=2",
  sentence: "the token has expired",
};

collectorTest("redaction masks secrets in spans, events, status, logs and metrics", async () => {
  await using collector = await startCollector();
  const texts = Object.fromEntries(Object.entries(SECRETS).map(([key, [text]]) => [key, text]));
  const attributes = { ...texts, "db.password": "hunter2", "http.cookie": "hunter2" };
  await postSpans(collector.url, [{
    traceId: traceId(1),
    error: "refused: Bearer abcdefgh12345678",
    attributes,
    events: [{ name: "exception", attributes }],
  }]);
  const lines = Object.values(texts);
  await postLogs(collector.url, lines.map((body) => ({ body, attributes })));
  await postCounter(collector.url, "posted", { pair: "password=hunter2" });
  await until(async () => {
    const { length: metrics } = (await collector.metrics()).filter(({ name }) => name === "posted");
    return (await collector.spans()).length + (await collector.logs()).length + metrics ===
      lines.length + 2;
  });

  const [span] = await collector.spans();
  assert.equal(span?.status.message, "refused: ****");
  for (const found of [span?.attributes, span?.events[0]?.attributes]) {
    for (const [key, [, left]] of Object.entries(SECRETS)) {
      assert.match(String(found?.[key]), left, key);
    }
  }
  const bodies = (await collector.logs()).map(({ body }) => String(body));
  Object.values(SECRETS).forEach(([, left], index) => assert.match(bodies[index] ?? "", left));
  const text = await collector.outputText();
  for (const secret of ["hunter2", "abcdefgh12345678", "c2lnbmF0dXJl", "4111111111111111"]) {
    assert.ok(!text.includes(secret), secret);
  }
});

collectorTest("redaction leaves alone what only looks like a secret", async () => {
  await using collector = await startCollector({ env: { TAIL_PERCENT: "100" } });
  const attributes = { ...HARMLESS, "gen_ai.usage.input_tokens": 12 };
  await postSpans(collector.url, [{ traceId: traceId(1), attributes }]);
  await until(async () => (await collector.spans()).length === 1);
  const [span] = await collector.spans();
  assert.deepEqual({ ...span?.attributes }, attributes);
  assert.equal(span?.resource["deployment.environment.name"], "unknown");
});
