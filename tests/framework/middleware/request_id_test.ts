import assert from "node:assert/strict";
import { requestId, requestIdOf } from "../../../framework/middleware/request_id.ts";
import { getRequestContext, trace } from "../../../framework/telemetry/mod.ts";
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const withId = (id: string) => request("/", { headers: { "x-request-id": id } });

Deno.test("requestId() takes a sane id and makes one otherwise", async () => {
  const app = testApp();
  app.use(requestId());
  app.get("/", (ctx) => requestIdOf(ctx));
  for (const id of ["7", "order-7", "a.b:c@d=e+f_g", "x".repeat(128)]) {
    const response = await app.handle(withId(id));
    assert.equal(response.headers.get("x-request-id"), id);
    assert.equal(await response.text(), id);
  }
  for (const id of ["", "a b", "a;b", "<script>", "../x", "é", "x".repeat(129)]) {
    const response = await app.handle(withId(id));
    const made = response.headers.get("x-request-id") ?? "";
    assert.match(made, UUID);
    assert.equal(await response.text(), made);
  }
});

Deno.test("requestId() makes its own where told so, and puts it on errors too", async () => {
  let made = 0;
  const app = testApp();
  app.use(requestId({ trustIncoming: false, generate: () => `r${++made}` }));
  app.get("/", () => {
    throw new Error("no");
  });
  const first = await app.handle(withId("mine"));
  const second = await app.handle(request("/nowhere"));
  assert.deepEqual([first.status, first.headers.get("x-request-id")], [500, "r1"]);
  assert.deepEqual([second.status, second.headers.get("x-request-id")], [404, "r2"]);
});

Deno.test("requestIdOf() knows no id where no middleware gave one", async () => {
  const app = testApp();
  app.get("/", (ctx) => String(requestIdOf(ctx)));
  assert.equal(await (await app.handle(withId("7"))).text(), "undefined");
});

Deno.test("requestId() keeps the request's trace under its id until the response has been sent", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp();
  const traceOf = (id: string) => {
    const found = getRequestContext(id);
    return found && trace.getSpanContext(found)?.traceId;
  };
  const sent: (string | undefined)[] = [];
  app.use(requestId());
  app.get("/", async function* () {
    sent.push(traceOf("a"));
    yield "one";
    sent.push(traceOf("a"));
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const response = await fetch(server.url, { headers: { "x-request-id": "a" } });
  assert.equal(await response.text(), "one");
  await app.stop();
  const [span] = telemetry.spans();
  assert.ok(span !== undefined);
  assert.deepEqual(sent, [span.traceId, span.traceId]);
  assert.equal(getRequestContext("a"), undefined);
});

Deno.test("requestId() forgets only its own request where two have the same id", async () => {
  using _telemetry = inMemoryTelemetry();
  const app = testApp();
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const waiting = [first, second];
  app.use(requestId());
  app.get("/", () => waiting.shift()?.promise);

  const answers = [app.handle(withId("b")), app.handle(withId("b"))];
  const kept = getRequestContext("b");
  first.resolve("first");
  await answers[0];
  assert.ok(kept !== undefined);
  assert.equal(getRequestContext("b"), kept);
  second.resolve("second");
  await answers[1];
  assert.equal(getRequestContext("b"), undefined);
});

Deno.test("requestId() keeps no context while telemetry is off", async () => {
  const app = testApp();
  app.use(requestId());
  app.get("/", () => String(getRequestContext("c")));
  assert.equal(await (await app.handle(withId("c"))).text(), "undefined");
});
