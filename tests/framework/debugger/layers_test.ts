import assert from "node:assert/strict";
import { z } from "zod";
import {
  ApiKeys,
  ApiKeyStrategy,
  Auth,
  type AuthEmit,
  type AuthState,
  type AuthUser,
  Permissions,
  requirePermission,
} from "../../../framework/auth/mod.ts";
import { Cache, type CacheEmit } from "../../../framework/cache/mod.ts";
import { Debugger } from "../../../framework/debugger/debugger.ts";
import type { DebugEvent } from "../../../framework/debugger/events.ts";
import { RequestTimelines } from "../../../framework/debugger/timeline.ts";
import { defineJob, type JobEmit, KvJobStore, Queue, Worker } from "../../../framework/jobs/mod.ts";
import { defineModel, Model, openKv, type OrmEmit } from "../../../framework/orm/mod.ts";
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry, type SpanTree } from "../../_telemetry.ts";
import { quickWorker } from "../jobs/_jobs.ts";

// Compiles only while each layer tells nothing but what the debugger takes.
const { emit } = new Debugger();
emit satisfies AuthEmit;
emit satisfies CacheEmit;
emit satisfies JobEmit;
emit satisfies OrmEmit;

const productModel = defineModel({ name: "product", schema: z.object({ name: z.string() }) });

/** What is there once one request has passed through every layer, and its job was worked. */
interface Outcome {
  /** The request's timeline: operations by their names, facts by their types. */
  readonly timeline: string[];
  /** Every event with what it tells, in order. */
  readonly events: readonly DebugEvent[];
}

/**
 * Serves one request that authenticates, misses the cache, loads a model and enqueues a job, and
 * waits until the job was worked.
 */
async function serveOne(): Promise<Outcome> {
  const app = testApp<AuthState>();
  const { emit } = app.debugger;
  const timelines = new RequestTimelines();
  const events: DebugEvent[] = [];
  const ended = Promise.withResolvers<void>();

  using kv = await openKv(":memory:", { emit });
  const keys = new ApiKeys(kv);
  const auth = new Auth<AuthUser>({
    loadUser: (id) => ({ id, roles: ["clerk"] }),
    strategies: [new ApiKeyStrategy(keys)],
    permissions: new Permissions({ clerk: ["products:read"] }),
    emit,
  });
  const cache = new Cache({ emit });
  const products = new Model(kv, productModel);
  const queue = new Queue({ store: new KvJobStore(kv) });
  const count = defineJob<string>({
    name: "product.count",
    handler: async ({ data }) => void await products.find(data),
  });
  await using worker = new Worker(queue, [count], quickWorker({ emit }));

  const { id } = await products.create({ name: "Tea" });
  const { secret } = await keys.create("ada", { name: "test" });
  app.get("/products/:id", [requirePermission(auth, "products:read")], async (ctx) => {
    const product = await cache.getOrSet("the product", () => products.find(ctx.params.id));
    await queue.enqueue(count, ctx.params.id);
    return product;
  });
  app.debugger.addListener(timelines);
  app.debugger.addListener((event) => {
    events.push(event);
    if (event.type === "job:end") ended.resolve();
  });

  const response = await app.handle(
    request(`/products/${id}`, { headers: { "x-api-key": secret } }),
  );
  assert.equal(response.status, 200);
  await response.body?.cancel();
  worker.start();
  await ended.promise;

  const [requestId = ""] = timelines.requestIds();
  return { timeline: timelines.entries(requestId).map(({ name }) => name), events };
}

const TIMELINE = [
  "request:start",
  "route:match",
  "middleware.requirePermission",
  "auth:check",
  "auth:success",
  "auth:check",
  "auth:success",
  "controller",
  "cache:get",
  "cache:miss",
  "orm:query",
  "orm:result",
  "cache:set",
  "request:end",
];

Deno.test("a request's timeline shows every layer that was given the debugger's emit", async () => {
  const { timeline, events } = await serveOne();
  assert.deepEqual(timeline, TIMELINE);
  // A job belongs to no request: another process may work it.
  assert.deepEqual(
    events.filter(({ requestId }) => requestId === undefined).map(({ type }) => type),
    ["job:start", "orm:query", "orm:result", "job:end"],
  );
});

Deno.test("the layers tell how and what, and never a value or a credential", async () => {
  const { events } = await serveOne();
  const told = events
    .filter(({ type }) => /^(auth|cache|orm|job):/.test(type))
    .map(({ type, data }) => [type, data]);
  const job = events.find(({ type }) => type === "job:start")?.data;
  const scheme = "api_key";
  const key = "the product";
  const query = { model: "product", operation: "get" };
  assert.deepEqual(told, [
    ["auth:check", { scheme: undefined }],
    ["auth:success", { scheme }],
    ["auth:check", { scheme, permission: "products:read" }],
    ["auth:success", { scheme }],
    ["cache:get", { key }],
    ["cache:miss", { key }],
    ["orm:query", query],
    ["orm:result", query],
    ["cache:set", { key, ttlSeconds: 300 }],
    ["job:start", job],
    ["orm:query", query],
    ["orm:result", query],
    ["job:end", job],
  ]);
  assert.ok(job !== undefined && "attempt" in job);
  assert.deepEqual({ ...job, id: "" }, { name: "product.count", id: "", attempt: 1 });
});

/** Every span with its span events, from the outside in. */
function outline(trees: readonly SpanTree[]): string[] {
  return trees.flatMap(({ name, events = [], children }) => [
    [name, ...events].join(" "),
    ...outline(children),
  ]);
}

Deno.test("what the layers tell is on their spans once, with the bridge attached", async () => {
  using telemetry = inMemoryTelemetry();
  const { timeline } = await serveOne();
  assert.deepEqual(timeline, TIMELINE);
  const trees = telemetry.spanTree();
  const served = trees.filter(({ name }) => name === "GET /products/:id");
  const worked = trees.filter(({ name }) => name === "job.process");
  assert.deepEqual(outline(served), [
    "GET /products/:id",
    "middleware.requirePermission",
    "auth.authenticate auth.success",
    "kv.get",
    "auth.checkPermission auth.success",
    "controller",
    "cache.get cache.miss",
    "kv.get",
    "cache.set",
    "job.enqueue",
    "kv.atomic",
  ]);
  assert.deepEqual(outline(worked), [
    "job.process",
    "kv.get",
    "job.complete",
    "kv.getMany",
    "kv.atomic",
  ]);
});
