import assert from "node:assert/strict";
import { Debugger } from "../../framework/debugger/debugger.ts";
import { withSpan } from "../../framework/telemetry/otel.ts";
import { request, testApp } from "../_app.ts";
import { inMemoryTelemetry, type SpanTree } from "../_telemetry.ts";

interface Operation {
  readonly name: string;
  readonly status?: string;
  readonly children: readonly Operation[];
}

/** The names alone, for a tree that is easy to read. */
function names(trees: readonly SpanTree[]): Operation[] {
  return trees.map(({ name, status, children }) => ({
    name,
    ...(status === undefined ? {} : { status }),
    children: names(children),
  }));
}

Deno.test("Application makes middleware and handler spans, each inside the one around it", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp();
  app.use(function outer(_ctx, next) {
    return next();
  });
  app.use("/orders", async function inner(_ctx, next) {
    return await next();
  });
  app.get("/orders/:id", async function showOrder() {
    return await withSpan("work", () => "ok");
  });
  await app.handle(request("/orders/7"));
  const [server] = telemetry.spanTree();
  assert.deepEqual(server?.children, [{
    name: "middleware.outer",
    kind: "INTERNAL",
    attributes: { "middleware.name": "outer", "middleware.index": 0 },
    children: [{
      name: "middleware.inner",
      kind: "INTERNAL",
      attributes: { "middleware.name": "inner", "middleware.index": 1 },
      children: [{
        name: "controller",
        kind: "INTERNAL",
        attributes: { "http.route": "/orders/:id", "code.function.name": "showOrder" },
        children: [{ name: "work", kind: "INTERNAL", attributes: {}, children: [] }],
      }],
    }],
  }]);
});

Deno.test("Application marks the operations that throw, and passes the error on", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp();
  app.use(async function rescue(ctx, next) {
    try {
      return await next();
    } catch {
      return ctx.text("rescued");
    }
  });
  app.get("/", [function strict(_ctx, next) {
    return next();
  }], () => {
    throw new Error("no");
  });
  assert.equal(await (await app.handle(request("/"))).text(), "rescued");
  assert.deepEqual(names(telemetry.spanTree()), [{
    name: "GET /",
    children: [{
      name: "middleware.rescue",
      children: [{
        name: "middleware.strict",
        status: "ERROR",
        children: [{ name: "controller", status: "ERROR", children: [] }],
      }],
    }],
  }]);
});

Deno.test("Application makes no operation spans when told so", async () => {
  using telemetry = inMemoryTelemetry();
  await testApp({ operationSpans: false }).get("/", () => "ok").handle(request("/"));
  assert.deepEqual(names(telemetry.spanTree()), [{ name: "GET /", children: [] }]);
});

Deno.test("Application tells its debugger of a request from its beginning to its end", async () => {
  const dbg = new Debugger();
  const heard: string[] = [];
  dbg.addListener(({ type, requestId, data }) => {
    const shown = JSON.stringify(
      data,
      (_key, value) => value instanceof Error ? value.name : value,
    );
    heard.push(`${requestId?.replace(/\d+/, "#")} ${type} ${shown}`);
  });
  const app = testApp({ debugger: dbg });
  app.use(async function gate(_ctx, next) {
    return await next();
  });
  app.get("/tea/:name", function brew() {
    return "tea";
  });
  await app.handle(request("/tea/green"));
  await app.handle(request("/nowhere"));
  assert.deepEqual(heard, [
    'r# request:start {"method":"GET","path":"/tea/green"}',
    'r# route:match {"method":"GET","path":"/tea/green","route":"/tea/:name"}',
    'r# middleware:enter {"name":"gate","index":0}',
    'r# controller:enter {"name":"brew","route":"/tea/:name"}',
    'r# controller:exit {"name":"brew","route":"/tea/:name"}',
    'r# middleware:exit {"name":"gate","index":0}',
    'r# request:end {"status":200}',
    'r# request:start {"method":"GET","path":"/nowhere"}',
    'r# route:miss {"method":"GET","path":"/nowhere"}',
    'r# middleware:enter {"name":"gate","index":0}',
    'r# error {"error":"HttpError"}',
    'r# request:end {"status":404,"error":"HttpError"}',
  ]);
});

Deno.test("a listener that throws breaks no request", async () => {
  const { quietLogger } = await import("../_app.ts");
  const dbg = new Debugger({ logger: quietLogger });
  dbg.addListener(() => {
    throw new Error("broken");
  });
  const app = testApp({ debugger: dbg }).get("/", () => "ok");
  assert.equal(await (await app.handle(request("/"))).text(), "ok");
});
