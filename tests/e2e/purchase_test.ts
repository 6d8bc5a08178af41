import assert from "node:assert/strict";
import { type ReceivedSpan, spanTree, startReceiver } from "../_otlp_receiver.ts";
import { exportTo, login, startService } from "./_service.ts";
import { controller, kv, named, serverAttributes, span, throughMiddleware } from "./_spans.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

/** What the spans of the receipt's job say, in the request and in the worker alike. */
const job = {
  "job.name": "receipt.send",
  "job.id": "the job",
  "job.queue": "shop",
  "job.max_attempts": 5,
  "messaging.system.name": "echelon",
  "messaging.destination.name": "shop",
  "messaging.message.id": "the job",
};
const processing = {
  ...job,
  "messaging.operation.name": "process",
  "messaging.operation.type": "process",
};
const customer = {
  "auth.scheme": "bearer",
  "auth.user_id": "the customer",
  "auth.roles": ["customer"],
  "auth.success": true,
};

function valueOf(spans: readonly ReceivedSpan[], attribute: string): unknown {
  return spans.find((span) => attribute in span.attributes)?.attributes[attribute];
}

Deno.test("one purchase is one story: the request, and each attempt at its receipt, linked", async () => {
  await using receiver = startReceiver();
  await using service = await startService("start:otel", exportTo(receiver.url));
  const { token } = await login(service.url, "demo");

  const response = await fetch(`${service.url}/orders`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "e2e/1",
      authorization: `Bearer ${token}`,
      traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`,
    },
    // Three of them: at the first attempt at their receipt the mail server is busy.
    body: JSON.stringify({ product: "p3", quantity: 3 }),
  });
  assert.equal(response.status, 201);
  await response.body?.cancel();
  await receiver.waitFor(() => receiver.spans().some((span) => span.name === "job.complete"));
  service.signal("SIGTERM");
  await service.status;

  const request = receiver.spans().filter((span) => span.traceId === TRACE_ID);
  const attempts = receiver.spans()
    .filter((span) => span.attributes["job.id"] === valueOf(request, "job.id"))
    .filter((span) => span.traceId !== TRACE_ID)
    .map((span) => span.traceId);
  const story = receiver.spans()
    .filter((span) => span.traceId === TRACE_ID || attempts.includes(span.traceId));
  const values = new Map([
    [valueOf(request, "job.id"), "the job"],
    [valueOf(request, "auth.user_id"), "the customer"],
  ]);

  assert.equal(new Set(attempts).size, 2, "each attempt is a trace of its own");
  assert.deepEqual(spanTree(named(story, values)), [
    span("POST /orders", {
      kind: "SERVER",
      attributes: {
        ...serverAttributes(service.url, "POST", "/orders"),
        "http.route": "/orders",
        "http.response.status_code": 201,
      },
      children: throughMiddleware(
        span("middleware.requirePermission", {
          attributes: { "middleware.name": "requirePermission", "middleware.index": 2 },
          children: [
            span("auth.authenticate", {
              attributes: customer,
              events: ["auth.success"],
              children: [kv("get", { "db.collection.name": "user", "db.result.found": true })],
            }),
            span("auth.checkPermission", {
              attributes: { ...customer, "auth.permission": "orders:create" },
              events: ["auth.success"],
            }),
            controller("/orders", {
              attributes: { "shop.order.total": 1440 },
              children: [
                kv("get", { "db.collection.name": "product", "db.result.found": true }),
                span("job.enqueue", {
                  kind: "PRODUCER",
                  attributes: {
                    ...job,
                    "messaging.operation.name": "enqueue",
                    "messaging.operation.type": "send",
                  },
                }),
                // The order and its job, written together.
                kv("atomic", {
                  "db.collection.name": "order",
                  "db.operation.batch.size": 7,
                  "db.result.committed": true,
                }),
              ],
            }),
          ],
        }),
      ),
    }),
    span("job.process", {
      kind: "CONSUMER",
      attributes: { ...processing, "job.attempt": 1, "error.type": "MailServerBusy" },
      status: "ERROR",
      events: ["exception"],
      links: ["job.enqueue"],
      children: [
        span("job.fail", {
          attributes: { "job.id": "the job", "job.attempt": 1, "job.will_retry": true },
          children: [
            kv("getMany", { "db.operation.batch.size": 2, "db.response.returned_rows": 2 }),
            kv("atomic", { "db.operation.batch.size": 5, "db.result.committed": true }),
          ],
        }),
      ],
    }),
    span("job.process", {
      kind: "CONSUMER",
      attributes: { ...processing, "job.attempt": 2 },
      links: ["job.enqueue", "job.process"],
      children: [
        span("job.complete", {
          attributes: { "job.id": "the job", "job.attempt": 2, "job.will_retry": false },
          children: [
            kv("getMany", { "db.operation.batch.size": 2, "db.response.returned_rows": 2 }),
            kv("atomic", { "db.operation.batch.size": 4, "db.result.committed": true }),
          ],
        }),
      ],
    }),
  ]);
});
