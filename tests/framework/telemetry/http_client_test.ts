import assert from "node:assert/strict";
import { context, trace } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { createTracedFetch } from "../../../framework/telemetry/http_client.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry, type ReceivedSpan } from "../../_telemetry.ts";
import { closedPort, startOrigin } from "./_origin.ts";

const native = globalThis.fetch;

function only(spans: readonly ReceivedSpan[]): ReceivedSpan {
  assert.equal(spans.length, 1, `expected one span, got ${spans.map((span) => span.name)}`);
  return spans[0] as ReceivedSpan;
}

Deno.test("createTracedFetch() makes a request a CLIENT span of the active one, and measures it", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const body = await withSpan("work", async (span) => {
    const response = await fetch(`${origin.url}/shop?page=2&token=s3cret#part`);
    assert.equal(trace.getActiveSpan(), span);
    return await response.text();
  });
  assert.equal(body, "ok");
  const [client, work] = telemetry.spans();
  assert.equal(client?.name, "GET");
  assert.equal(client?.kind, "CLIENT");
  assert.equal(client?.parentSpanId, work?.spanId);
  assert.equal(client?.scope.name, "@echelon/framework");
  assert.equal(client?.status.code, "UNSET");
  const server = { "server.address": "127.0.0.1", "server.port": origin.port };
  assert.deepEqual(client?.attributes, {
    "http.request.method": "GET",
    "url.full": `${origin.url}/shop?page=2&token=REDACTED#part`,
    ...server,
    "http.response.status_code": 200,
  });
  assert.equal(
    origin.seen[0]?.get("traceparent"),
    `00-${client?.traceId}-${client?.spanId}-01`,
  );

  const metric = (await telemetry.metrics())
    .find(({ name }) => name === "http.client.request.duration");
  assert.equal(metric?.unit, "s");
  assert.deepEqual(metric?.points.map(({ attributes, count }) => ({ attributes, count })), [{
    attributes: { "http.request.method": "GET", ...server, "http.response.status_code": 200 },
    count: 1,
  }]);
  assert.equal(metric?.points[0]?.bounds?.length, 14);
});

Deno.test("createTracedFetch() gives a sampler all that is known before the request is sent", async () => {
  await using origin = startOrigin();
  const started: Record<string, unknown>[] = [];
  using _telemetry = inMemoryTelemetry({
    sampler: {
      shouldSample: (_context, _traceId, _name, _kind, attributes) => {
        started.push({ ...attributes });
        return { decision: 2 };
      },
      toString: () => "recording",
    },
  });
  const response = await createTracedFetch(native)(`${origin.url}/echo`, {
    method: "put",
    body: "",
  });
  await response.body?.cancel();
  assert.deepEqual(started, [{
    "http.request.method": "PUT",
    "url.full": `${origin.url}/echo`,
    "server.address": "127.0.0.1",
    "server.port": origin.port,
  }]);
});

for (
  const { what, path, method = "GET", name = method, status, error } of [
    { what: "a success", path: "/status/204", status: 204 },
    { what: "a redirect that is not followed", path: "/status/304", status: 304 },
    { what: "a 4xx", path: "/status/404", status: 404, error: "404" },
    { what: "a 5xx", path: "/status/503", status: 503, error: "503" },
    { what: "a HEAD", path: "/", method: "HEAD", status: 200 },
    { what: "an unknown method", path: "/echo", method: "BREW", name: "HTTP", status: 200 },
    { what: "redirects that are followed", path: "/redirect/3", status: 200 },
    { what: "too many redirects", path: "/loop", error: "TypeError" },
  ] as const
) {
  Deno.test(`createTracedFetch() names and judges ${what}`, async () => {
    await using origin = startOrigin();
    using telemetry = inMemoryTelemetry();
    const fetch = createTracedFetch(native);
    const answered = await fetch(origin.url + path, { method })
      .then(async (response) => void await response.body?.cancel(), (error) => error);
    assert.equal(answered instanceof Error, status === undefined);
    const span = only(telemetry.spans());
    assert.equal(span.name, name);
    assert.equal(span.attributes["url.full"], origin.url + path);
    assert.equal(span.attributes["http.response.status_code"], status);
    assert.equal(span.attributes["error.type"], error);
    assert.equal(span.status.code, error === undefined ? "UNSET" : "ERROR");
    const known = method !== "BREW";
    assert.equal(span.attributes["http.request.method"], known ? method : "_OTHER");
    assert.equal(span.attributes["http.request.method_original"], known ? undefined : method);
    const [point] = (await telemetry.metrics())
      .find((metric) => metric.name === "http.client.request.duration")?.points ?? [];
    assert.equal(point?.count, 1);
    assert.equal(point?.attributes["error.type"], error);
    assert.equal(point?.attributes["http.response.status_code"], status);
  });
}

Deno.test("createTracedFetch() records a refused connection without the URL's secrets", async () => {
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const url = `http://ada:pa55@127.0.0.1:${closedPort()}/?token=s3cret`;
  await assert.rejects(() => fetch(url), { name: "TypeError", message: "fetch failed" });
  const span = only(telemetry.spans());
  assert.equal(span.status.code, "ERROR");
  assert.equal(span.attributes["error.type"], "TypeError");
  assert.deepEqual(span.events.map((event) => event.name), ["exception"]);
  assert.match(String(span.attributes["url.full"]), /^http:\/\/REDACTED:REDACTED@127\.0\.0\.1:/);
  const told = Deno.inspect(span, { depth: 10, strAbbreviateSize: 10_000 });
  assert.match(told, /fetch failed/);
  assert.doesNotMatch(told, /pa55|s3cret/);
});

Deno.test("createTracedFetch() takes a caller's own abort for no error", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const reason = new RangeError("changed my mind");
  for (
    const abort of [(it: AbortController) => it.abort(), (it: AbortController) => it.abort(reason)]
  ) {
    const caller = new AbortController();
    const fetched = createTracedFetch(native)(`${origin.url}/hang`, { signal: caller.signal });
    const caught = fetched.catch((error) => error);
    await origin.hanging;
    abort(caller);
    assert.equal(await caught, caller.signal.reason);
  }
  for (const span of telemetry.spans()) {
    assert.equal(span.status.code, "UNSET");
    assert.equal(span.attributes["error.type"], undefined);
    assert.deepEqual(span.events.map((event) => event.name), ["http.request.aborted"]);
  }
  assert.equal(telemetry.spans().length, 2);
});

Deno.test("createTracedFetch() takes a deadline that has passed for an error", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const caller = new AbortController();
  const fetched = createTracedFetch(native)(`${origin.url}/hang`, { signal: caller.signal });
  const caught = fetched.catch((error) => error);
  await origin.hanging;
  // What AbortSignal.timeout() aborts with, without waiting for one.
  caller.abort(new DOMException("Signal timed out.", "TimeoutError"));
  assert.equal(await caught, caller.signal.reason);
  const span = only(telemetry.spans());
  assert.equal(span.status.code, "ERROR");
  assert.equal(span.attributes["error.type"], "TimeoutError");
});

Deno.test("createTracedFetch() makes no span of a request that is never sent", async () => {
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const signal = AbortSignal.abort("before");
  assert.equal(await fetch("http://127.0.0.1/", { signal }).catch((reason) => reason), "before");
  await assert.rejects(() => fetch("http://"), TypeError);
  assert.equal(await (await fetch("data:,hello")).text(), "hello");
  assert.deepEqual(telemetry.spans(), []);
});

Deno.test("createTracedFetch() keeps a thousand concurrent requests apart", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  const bodies = await Promise.all(
    numbers.map((n) =>
      withSpan("work", { attributes: { n } }, async () => {
        const response = await fetch(`${origin.url}/echo?n=${n}`, { method: "POST", body: `${n}` });
        return await response.text();
      })
    ),
  );
  assert.deepEqual(bodies, numbers.map(String));
  const spans = telemetry.spans();
  assert.equal(spans.length, 2000);
  const works = new Map(spans.filter(({ name }) => name === "work").map((s) => [s.spanId, s]));
  const sent = new Set(origin.seen.map((headers) => headers.get("traceparent")));
  for (const span of spans.filter(({ kind }) => kind === "CLIENT")) {
    const n = works.get(span.parentSpanId ?? "")?.attributes.n;
    assert.equal(span.attributes["url.full"], `${origin.url}/echo?n=${n}`);
    assert(sent.has(`00-${span.traceId}-${span.spanId}-01`));
  }
});

Deno.test("createTracedFetch() streams a body up and another down", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const up = ReadableStream.from(["one ", "two"]).pipeThrough(new TextEncoderStream());
  const echoed = await fetch(`${origin.url}/echo`, { method: "POST", body: up });
  assert.equal(await echoed.text(), "one two");
  const down = await fetch(`${origin.url}/stream`);
  // The headers have come: that is the end of the span, whether or not the body is ever read.
  assert.equal(telemetry.spans().length, 2);
  assert.equal(await down.text(), "abc");
});

Deno.test("createTracedFetch() changes nothing of what its caller gave", async () => {
  await using origin = startOrigin();
  using _telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const headers = new Headers({ "x-own": "1" });
  const init = Object.freeze({ method: "POST", headers, body: "x" });
  await (await fetch(`${origin.url}/echo`, init)).body?.cancel();
  const request = new Request(`${origin.url}/echo`, init);
  await (await fetch(request)).body?.cancel();
  assert.deepEqual([...headers], [["x-own", "1"]]);
  assert.equal(request.headers.get("traceparent"), null);
  assert.equal(request.bodyUsed, true);
  for (const seen of origin.seen) {
    assert.equal(seen.get("x-own"), "1");
    assert.match(String(seen.get("traceparent")), /^00-/);
  }
});

Deno.test("createTracedFetch() leaves what an SDK does for itself alone", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native);
  const response = await context.with(
    suppressTracing(context.active()),
    () => fetch(origin.url),
  );
  await response.body?.cancel();
  assert.deepEqual(telemetry.spans(), []);
  assert.equal(origin.seen[0]?.has("traceparent"), false);
  const metrics = await telemetry.metrics();
  assert.equal(metrics.some(({ name }) => name.startsWith("http.client")), false);
});

Deno.test("createTracedFetch() sends requests whatever a broken SDK does", async () => {
  await using origin = startOrigin();
  using _telemetry = inMemoryTelemetry({
    sampler: {
      shouldSample: () => {
        throw new Error("the sampler is broken");
      },
      toString: () => "broken",
    },
  });
  assert.equal(await (await createTracedFetch(native)(origin.url)).text(), "ok");
});

Deno.test("createTracedFetch() does not trace twice what is traced already", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(createTracedFetch(native));
  await (await fetch(origin.url)).body?.cancel();
  assert.equal(telemetry.spans().length, 1);
});

Deno.test("createTracedFetch() passes on whatever the function it was made from does", async () => {
  using telemetry = inMemoryTelemetry();
  const thrown = new Error("no network here");
  const throwing = createTracedFetch(() => {
    throw thrown;
  });
  assert.throws(() => throwing("http://shop.test/"), thrown);
  assert.equal(only(telemetry.spans()).attributes["error.type"], "Error");
  const nothing = createTracedFetch(() => Promise.resolve(undefined as unknown as Response));
  assert.equal(await nothing("http://shop.test/"), undefined);
});

Deno.test("createTracedFetch() tells the headers that it may, and never a credential", async () => {
  await using origin = startOrigin();
  using telemetry = inMemoryTelemetry();
  const fetch = createTracedFetch(native, {
    redact: {
      allowRequestHeaders: ["X-Own", "Authorization", "x-absent"],
      allowResponseHeaders: ["x-shop", "set-cookie"],
      attribute: (key, value) => key === "url.full" ? undefined : value,
    },
  });
  const headers = { "x-own": "1", authorization: "Bearer s3cret" };
  await (await fetch(origin.url, { headers })).body?.cancel();
  const { attributes } = only(telemetry.spans());
  assert.deepEqual(attributes["http.request.header.x-own"], ["1"]);
  assert.deepEqual(attributes["http.response.header.x-shop"], ["tea"]);
  assert.deepEqual(Object.keys(attributes).sort(), [
    "http.request.header.x-own",
    "http.request.method",
    "http.response.header.x-shop",
    "http.response.status_code",
    "server.address",
    "server.port",
  ]);
});
