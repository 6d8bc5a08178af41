import assert from "node:assert/strict";
import { type OtlpReceiver, type SpanTree, spanTree, startReceiver } from "../_otlp_receiver.ts";
import { exportTo, login, startService } from "./_service.ts";
import { controller, kv, named, serverAttributes, span, throughMiddleware } from "./_spans.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";
const headers = {
  traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`,
  "content-type": "application/json",
  "user-agent": "e2e/1",
};

async function shop(url: string): Promise<void> {
  for (const path of ["/orders/none?verbose=1&token=s3cret", "/nowhere", "/fail"]) {
    await (await fetch(`${url}${path}`, { headers })).body?.cancel();
  }
  assert.match(await (await fetch(`${url}/stream`, { headers })).text(), /line 5\n$/);
}

const failed = {
  attributes: { "error.type": "Error" },
  status: "ERROR",
  events: ["exception"],
} as const;

/** A middleware that an error went through, and those within it. */
function marked(tree: SpanTree): SpanTree {
  if (!tree.name.startsWith("middleware.")) return tree;
  const { attributes, children } = tree;
  return {
    ...tree,
    ...failed,
    attributes: { ...attributes, ...failed.attributes },
    children: children.map(marked),
  };
}

function checkTree(receiver: OtlpReceiver, url: string): void {
  const spans = receiver.spans().filter((span) => span.traceId === TRACE_ID);
  for (const span of spans) {
    assert.equal(span.scope.name, "@echelon/framework");
    assert.equal(span.scope.schemaUrl, "https://opentelemetry.io/schemas/1.45.0");
    if (span.kind === "SERVER") assert.equal(span.parentSpanId, PARENT_ID);
  }
  const request = (name: string, path: string, more: Partial<SpanTree>) =>
    span(name, {
      kind: "SERVER",
      ...more,
      attributes: { ...serverAttributes(url, "GET", path), ...more.attributes },
    });
  assert.deepEqual(spanTree(named(spans)), [
    request("GET /orders/:id", "/orders/none", {
      attributes: {
        "http.route": "/orders/:id",
        "url.query": "verbose=1&token=REDACTED",
        "http.response.status_code": 404,
      },
      children: throughMiddleware(controller("/orders/:id", {
        children: [kv("get", { "db.collection.name": "order", "db.result.found": false })],
      })),
    }),
    request("GET", "/nowhere", {
      attributes: { "http.response.status_code": 404 },
      children: throughMiddleware(),
    }),
    request("GET /fail", "/fail", {
      ...failed,
      attributes: {
        "http.route": "/fail",
        "http.response.status_code": 500,
        ...failed.attributes,
      },
      children: throughMiddleware(controller("/fail", failed)).map(marked),
    }),
    request("GET /stream", "/stream", {
      attributes: { "http.route": "/stream", "http.response.status_code": 200 },
      events: ["http.response.headers"],
      children: throughMiddleware(controller("/stream")),
    }),
  ]);
}

function checkResource(receiver: OtlpReceiver): void {
  const resource = receiver.resource();
  const { "service.instance.id": instance, ...rest } = resource;
  assert.match(String(instance), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const expected = {
    "service.name": "tea",
    "deployment.environment.name": "test",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.distro.name": "echelon",
    "process.runtime.name": "deno",
    "process.runtime.version": Deno.version.deno,
    "host.name": Deno.hostname(),
    "os.type": Deno.build.os,
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(rest[key], value, key);
  assert.deepEqual(Object.keys(rest).filter((key) => key.includes("command")), []);
}

function checkMetrics(receiver: OtlpReceiver): void {
  const latest = (name: string) => receiver.metrics().findLast((metric) => metric.name === name);
  const duration = latest("http.server.request.duration");
  assert.equal(duration?.unit, "s");
  const counts = duration?.points.map(({ attributes, count }) => [
    attributes["http.request.method"],
    attributes["http.route"],
    attributes["http.response.status_code"],
    attributes["error.type"],
    count,
  ]);
  assert.deepEqual(counts?.sort(), [
    ["GET", undefined, 404, undefined, 1],
    ["GET", "/fail", 500, "Error", 1],
    ["GET", "/orders/:id", 404, undefined, 1],
    ["GET", "/stream", 200, undefined, 1],
  ]);
  const active = latest("http.server.active_requests");
  assert.equal(active?.unit, "{request}");
  assert.deepEqual(active?.points.map((point) => point.value), [0]);
  const requests = latest("echelon.http.requests")?.points ?? [];
  assert.equal(requests.reduce((sum, point) => sum + Number(point.value), 0), 4);
}

for (const protocol of ["http/protobuf", "http/json"]) {
  Deno.test(`start:otel exports complete traces, metrics and resource by ${protocol}`, async () => {
    await using receiver = startReceiver();
    await using service = await startService("start:otel", {
      ...exportTo(receiver.url, protocol),
      OTEL_SERVICE_NAME: "tea",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    });
    await shop(service.url);
    service.signal("SIGTERM");
    assert.equal((await service.status).code, 0);
    checkTree(receiver, service.url);
    checkResource(receiver);
    checkMetrics(receiver);
    const encodings = new Set(receiver.requests.map((request) => request.encoding));
    assert.deepEqual([...encodings], [protocol.slice("http/".length)]);
  });
}

Deno.test("start:otel says at its start where it exports and how it samples", async () => {
  await using receiver = startReceiver();
  await using service = await startService("start:otel", {
    ...exportTo(receiver.url),
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer s3cret",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
  });
  const said = service.stderr.filter((line) => line.includes(receiver.url));
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /parentbased_traceidratio.*0\.25/);
  assert.ok(![...service.stderr, ...service.stdout].join().includes("s3cret"));
});

Deno.test("start runs without telemetry, unless told from outside", async () => {
  await using receiver = startReceiver();
  {
    await using service = await startService("start", exportTo(receiver.url));
    await (await fetch(`${service.url}/products`)).body?.cancel();
    service.signal("SIGTERM");
    assert.equal((await service.status).code, 0);
    assert.deepEqual(service.stderr, []);
  }
  assert.equal(receiver.requests.length, 0);
  await using service = await startService("start", {
    ...exportTo(receiver.url),
    OTEL_SDK_DISABLED: "false",
  });
  await (await fetch(`${service.url}/products`)).body?.cancel();
  service.signal("SIGTERM");
  await service.status;
  assert.ok(receiver.spans().some((span) => span.name === "GET /products"));
});

Deno.test("the shop keeps its orders in the file that KV_PATH names", async () => {
  const directory = await Deno.makeTempDir();
  const env = { KV_PATH: `${directory}/shop.db` };
  const place = async (url: string) => {
    const { cookie } = await login(url, "demo");
    const body = JSON.stringify({ product: "p1", quantity: 1 });
    const answer = await fetch(`${url}/orders`, {
      method: "POST",
      headers: { ...headers, cookie },
      body,
    });
    return (await answer.json()).id;
  };
  const ids: string[] = [];
  for (const _run of [1, 2]) {
    await using service = await startService("start", env);
    ids.push(await place(service.url));
    const orders = await (await fetch(`${service.url}/orders`)).json();
    assert.deepEqual(orders.map((order: { id: string }) => order.id).sort(), ids.toSorted());
    service.signal("SIGTERM");
    await service.status;
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("SIGTERM under load delivers the span of every finished request", async () => {
  await using receiver = startReceiver({ delayMillis: 20 });
  await using service = await startService("start:otel", exportTo(receiver.url));
  let answered = 0;
  const client = async () => {
    while (true) {
      const response = await fetch(`${service.url}/products`);
      await response.text();
      answered++;
      if (answered === 300) service.signal("SIGTERM");
    }
  };
  await Promise.allSettled(Array.from({ length: 8 }, client));
  assert.equal((await service.status).code, 0);
  assert.ok(answered >= 300);
  const spans = receiver.spans().filter((span) => span.name === "GET /products");
  assert.ok(spans.length >= answered, `${answered} answers, ${spans.length} spans`);
  assert.equal(new Set(spans.map((span) => span.spanId)).size, spans.length);
});
