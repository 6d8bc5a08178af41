import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { createLogger, HttpError, type Logger, type LogRecord } from "../../../framework/mod.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { request, testApp as appWithOperations } from "../../_app.ts";
import { inMemoryTelemetry, type ReceivedSpan } from "../../_telemetry.ts";

const REMOTE = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
};
const traceparent = `00-${REMOTE.traceId}-${REMOTE.spanId}-01`;

/**
 * The request's own span is what is tested here; its operations have tests of their own, and so has
 * the `fetch` that these tests make it with.
 */
function testApp(options: { trustProxy?: boolean; logger?: Logger } = {}) {
  return appWithOperations({ ...options, operationSpans: false, traceFetch: false });
}

function only(spans: readonly ReceivedSpan[]): ReceivedSpan {
  assert.equal(spans.length, 1, `expected one span, got ${spans.map((span) => span.name)}`);
  return spans[0] as ReceivedSpan;
}

Deno.test("traceRequest() gives the span every attribute that is known at its start", async () => {
  const started: Record<string, unknown>[] = [];
  using telemetry = inMemoryTelemetry({
    sampler: {
      shouldSample: (_context, _traceId, _name, _kind, attributes) => {
        started.push({ ...attributes });
        return { decision: 2 };
      },
      toString: () => "recording",
    },
  });
  const app = testApp().get("/orders/:id", () => ({ ok: true }));
  await app.handle(
    new Request("http://shop.test:8080/orders/7?page=2&token=s3cret&sig=abc", {
      headers: { traceparent, "user-agent": "test/1" },
    }),
    { remoteAddr: { transport: "tcp", hostname: "192.0.2.7", port: 5555 } },
  );
  const span = only(telemetry.spans());
  const atStart = {
    "http.request.method": "GET",
    "http.route": "/orders/:id",
    "url.path": "/orders/7",
    "url.scheme": "http",
    "url.query": "page=2&token=REDACTED&sig=REDACTED",
    "server.address": "shop.test",
    "server.port": 8080,
    "client.address": "192.0.2.7",
    "network.peer.address": "192.0.2.7",
    "network.peer.port": 5555,
    "user_agent.original": "test/1",
  };
  assert.deepEqual(started, [atStart]);
  assert.deepEqual(span.attributes, { ...atStart, "http.response.status_code": 200 });
  assert.equal(span.name, "GET /orders/:id");
  assert.equal(span.kind, "SERVER");
  assert.equal(span.traceId, REMOTE.traceId);
  assert.equal(span.parentSpanId, REMOTE.spanId);
  assert.equal(span.status.code, "UNSET");
  assert.equal(span.scope.name, "@echelon/framework");
  assert.equal(span.scope.schemaUrl, "https://opentelemetry.io/schemas/1.45.0");
});

Deno.test("traceRequest() believes X-Forwarded headers only when told", async () => {
  using telemetry = inMemoryTelemetry();
  const headers = {
    "x-forwarded-for": "203.0.113.9, 10.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "shop.example",
  };
  for (const trustProxy of [false, true]) {
    await testApp({ trustProxy }).get("/", () => "").handle(request("/", { headers }));
  }
  const seen = telemetry.spans().map(({ attributes }) =>
    ["client.address", "url.scheme", "server.address", "server.port"].map((key) => attributes[key])
  );
  assert.deepEqual(seen, [
    [undefined, "http", "shop.test", 80],
    ["203.0.113.9", "https", "shop.example", 443],
  ]);
});

for (
  const { what, method = "GET", path, status, name, error } of [
    { what: "a 404 by no route", path: "/nowhere", status: 404, name: "GET" },
    { what: "a 405", method: "POST", path: "/ok", status: 405, name: "POST" },
    { what: "an unknown method", method: "BREW", path: "/ok", status: 405, name: "HTTP" },
    { what: "a 4xx that was thrown", path: "/client", status: 409, name: "GET /client" },
    { what: "a path that cannot be decoded", path: "/%zz", status: 400, name: "GET" },
    { what: "a 5xx answer", path: "/503", status: 503, name: "GET /503", error: "503" },
    { what: "a throw", path: "/throws", status: 500, name: "GET /throws", error: "RangeError" },
    {
      what: "a non-Error throw",
      path: "/string",
      status: 500,
      name: "GET /string",
      error: "_OTHER",
    },
    { what: "a handler that returns nothing", path: "/nothing", status: 204, name: "GET /nothing" },
  ]
) {
  Deno.test(`traceRequest() names and judges ${what}`, async () => {
    using telemetry = inMemoryTelemetry();
    const app = testApp();
    app.get("/ok", () => "ok");
    app.get("/nothing", () => {});
    app.get("/503", (ctx) => ctx.text("down", { status: 503 }));
    app.get("/client", () => {
      throw new HttpError(409);
    });
    app.get("/throws", () => {
      throw new RangeError("no");
    });
    app.get("/string", () => {
      throw "no";
    });
    assert.equal((await app.handle(request(path, { method }))).status, status);
    const span = only(telemetry.spans());
    assert.equal(span.name, name);
    assert.equal(span.attributes["http.response.status_code"], status);
    assert.equal(span.attributes["error.type"], error);
    assert.equal(span.status.code, error === undefined ? "UNSET" : "ERROR");
    const unknown = method === "BREW";
    assert.equal(span.attributes["http.request.method"], unknown ? "_OTHER" : method);
    assert.equal(span.attributes["http.request.method_original"], unknown ? method : undefined);
    const thrown = path === "/throws" || path === "/string";
    assert.deepEqual(span.events.map((event) => event.name), thrown ? ["exception"] : []);
  });
}

Deno.test("traceRequest() measures every request", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/orders/:id", () => {
    throw new RangeError("no");
  });
  for (const id of [1, 2, 3]) await app.handle(request(`/orders/${id}`));
  const metrics = await telemetry.metrics();
  const points = (name: string) => metrics.find((metric) => metric.name === name)?.points ?? [];
  const [duration, ...others] = points("http.server.request.duration");
  assert.equal(others.length, 0);
  assert.equal(duration?.count, 3);
  assert.deepEqual(duration?.attributes, {
    "http.request.method": "GET",
    "http.route": "/orders/:id",
    "http.response.status_code": 500,
    "url.scheme": "http",
    "error.type": "RangeError",
  });
  assert.deepEqual(duration?.bounds, [
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1,
    2.5,
    5,
    7.5,
    10,
  ]);
  assert.deepEqual(points("http.server.active_requests").map((point) => point.value), [0]);
  assert.deepEqual(points("echelon.http.requests").map((point) => point.value), [3]);
});

Deno.test("traceRequest() ends the span at once where the body is whole", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/", () => ({ body: "is unread" }));
  const response = await app.handle(request("/"));
  assert.equal(telemetry.spans().length, 1);
  await response.body?.cancel();
});

const producers = {
  "an async generator": async function* () {
    yield "a";
    await Promise.resolve();
    withSpan("inside", () => {});
    yield "b";
  },
  "a ReadableStream": () => {
    let pulls = 0;
    return new ReadableStream<string>({
      async pull(controller) {
        await Promise.resolve();
        if (pulls++ === 0) return controller.enqueue("a");
        withSpan("inside", () => {});
        controller.enqueue("b");
        controller.close();
      },
    }, { highWaterMark: 0 });
  },
};

for (const [what, produce] of Object.entries(producers)) {
  for (const wrapped of [false, true]) {
    const how = wrapped ? `a Response around ${what}` : what;
    Deno.test(`traceRequest() follows ${how} to its end, in the request's context`, async () => {
      using telemetry = inMemoryTelemetry();
      const app = testApp().get("/", (ctx) => {
        if (!wrapped) return produce();
        const stream = ctx.stream(produce()).body;
        return new Response(stream, { headers: { "content-type": "text/csv" } });
      });
      const server = app.listen({ port: 0, handleSignals: false });
      const response = await fetch(server.url, { headers: { traceparent } });
      assert.equal(await response.text(), "ab");
      await app.stop();
      const spans = telemetry.spans();
      assert.deepEqual(spans.map((span) => span.name), ["inside", "GET /"]);
      assert.equal(spans[0]?.parentSpanId, spans[1]?.spanId);
      assert.equal(spans[1]?.traceId, REMOTE.traceId);
      assert.equal(spans[1]?.status.code, "UNSET");
      assert.deepEqual(spans[1]?.events.map((event) => event.name), ["http.response.headers"]);
    });
  }
}

Deno.test("traceRequest() marks a stream that fails in its middle", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/", async function* () {
    yield "a";
    await Promise.resolve();
    throw new RangeError("disk gone");
  });
  const response = await app.handle(request("/"));
  await assert.rejects(() => response.text(), RangeError);
  const span = only(telemetry.spans());
  assert.equal(span.attributes["error.type"], "RangeError");
  assert.equal(span.status.code, "ERROR");
  assert.deepEqual(span.events.map((event) => event.name), ["http.response.headers", "exception"]);
});

Deno.test("traceRequest() has a stream that fails in its middle logged once, with its trace", async () => {
  using telemetry = inMemoryTelemetry();
  const records: LogRecord[] = [];
  const logger = createLogger({ sinks: [(record) => records.push(record)] });
  const thrown = new RangeError("disk gone");
  const app = testApp({ logger }).get("/rows/:id", async function* () {
    yield "a";
    await Promise.resolve();
    throw thrown;
  });
  await assert.rejects((await app.handle(request("/rows/7"))).text(), RangeError);
  const [record, ...others] = records;
  assert.equal(others.length, 0);
  assert.equal(record?.level, "error");
  assert.equal(record?.message, "response body failed");
  assert.deepEqual(record?.fields, {
    method: "GET",
    path: "/rows/7",
    route: "/rows/:id",
    error: thrown,
  });
  assert.equal(record?.traceId, only(telemetry.spans()).traceId);
});

Deno.test("traceRequest() marks a client that stops reading, and tells the producer in context", async () => {
  using telemetry = inMemoryTelemetry();
  const told = Promise.withResolvers<string | undefined>();
  const app = testApp().get("/", async function* () {
    try {
      while (true) {
        yield "tick\n";
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } finally {
      told.resolve(trace.getActiveSpan()?.spanContext().traceId);
    }
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const response = await fetch(server.url, { headers: { traceparent } });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await reader.cancel();
  assert.equal(await told.promise, REMOTE.traceId);
  await app.stop();
  const span = only(telemetry.spans());
  assert.equal(span.attributes["error.type"], "client_disconnected");
  assert.equal(span.status.code, "ERROR");
});

Deno.test("traceRequest() marks a client that goes away before the answer", async () => {
  using telemetry = inMemoryTelemetry();
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const app = testApp().get("/", async (ctx) => {
    ctx.signal.addEventListener("abort", () => gone.resolve());
    arrived.resolve();
    await gone.promise;
    return "too late";
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const client = new AbortController();
  const fetched = fetch(server.url, { signal: client.signal });
  await arrived.promise;
  client.abort();
  await assert.rejects(fetched, { name: "AbortError" });
  await gone.promise;
  await app.stop();
  const span = only(telemetry.spans());
  assert.equal(span.attributes["error.type"], "client_disconnected");
  assert.equal(span.attributes["http.response.status_code"], undefined);
  assert.equal(span.status.code, "ERROR");
});

Deno.test("traceRequest() keeps two thousand concurrent requests apart", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/:n", async (ctx) => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, Number(ctx.params.n) % 7));
    await wait();
    return await withSpan("work", { attributes: { n: ctx.params.n } }, async () => {
      await wait();
      return trace.getActiveSpan()?.spanContext().traceId ?? "none";
    });
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const count = 2000;
  const ids = Array.from({ length: count }, (_, n) => `f${n.toString(16).padStart(31, "0")}`);
  const answers = await Promise.all(ids.map(async (traceId, n) => {
    const headers = { traceparent: `00-${traceId}-${REMOTE.spanId}-01` };
    return await (await fetch(`${server.url}${n}`, { headers })).text();
  }));
  await app.stop();
  assert.deepEqual(answers, ids);
  const spans = telemetry.spans();
  assert.equal(spans.length, 2 * count);
  const servers = new Map(spans.filter((s) => s.kind === "SERVER").map((s) => [s.traceId, s]));
  for (const work of spans.filter((span) => span.name === "work")) {
    const server = servers.get(work.traceId);
    assert.equal(work.parentSpanId, server?.spanId);
    assert.equal(work.traceId, ids[Number(work.attributes.n)]);
  }
});

Deno.test("traceRequest() serves requests whatever a broken SDK does", async () => {
  using _telemetry = inMemoryTelemetry({
    sampler: {
      shouldSample: () => {
        throw new Error("the sampler is broken");
      },
      toString: () => "broken",
    },
  });
  const app = testApp().get("/", () => "ok").get("/fail", () => {
    throw new Error("no");
  });
  assert.equal(await (await app.handle(request("/"))).text(), "ok");
  assert.equal((await app.handle(request("/fail"))).status, 500);
});

Deno.test("traceRequest() puts the trace's id into the problem document", async () => {
  using _telemetry = inMemoryTelemetry();
  const app = testApp();
  const response = await app.handle(request("/nowhere", { headers: { traceparent } }));
  assert.equal((await response.json()).traceId, REMOTE.traceId);
});

Deno.test("traceRequest() ends the request once when its client leaves between two chunks", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/", async function* () {
    yield "a";
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield "b";
  });
  const reader = ((await app.handle(request("/"))).body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const pending = reader.read();
  await reader.cancel();
  await pending;
  const span = only(telemetry.spans());
  assert.equal(span.attributes["error.type"], "client_disconnected");
  assert.deepEqual(span.events.map((event) => event.name), ["http.response.headers"]);
  const metrics = await telemetry.metrics();
  const point = (name: string) => metrics.find((metric) => metric.name === name)?.points[0];
  assert.equal(point("http.server.active_requests")?.value, 0);
  assert.equal(point("http.server.request.duration")?.count, 1);
});

Deno.test("traceRequest() ends a request whose response was read already, as a failure", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp().get("/", async () => {
    const response = new Response(new Blob(["x"]), { headers: { "content-type": "text/csv" } });
    await response.text();
    return response;
  });
  assert.equal((await app.handle(request("/"))).status, 500);
  assert.equal(only(telemetry.spans()).status.code, "ERROR");
  const active = (await telemetry.metrics())
    .find((metric) => metric.name === "http.server.active_requests");
  assert.equal(active?.points[0]?.value, 0);
});

Deno.test("traceRequest() changes nothing on the wire for a body that is whole", async () => {
  using _telemetry = inMemoryTelemetry();
  const app = testApp().get("/", () => Response.json({ a: 1 }));
  const server = app.listen({ port: 0, handleSignals: false });
  const response = await fetch(server.url);
  assert.equal(response.headers.get("content-length"), "7");
  await response.body?.cancel();
  await app.stop();
});
