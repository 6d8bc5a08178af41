import assert from "node:assert/strict";
import { createLogger, HttpError } from "../../../framework/mod.ts";
import { createMetrics } from "../../../framework/telemetry/mod.ts";
import { startTestTelemetry } from "../../../telemetry-sdk/testing.ts";
import { request, testApp } from "../../_app.ts";

const orders = createMetrics().counter("shop.orders");

for (const round of ["first", "second"]) {
  Deno.test(`startTestTelemetry() sees an application's request whole in the ${round} test`, async () => {
    await using telemetry = startTestTelemetry();
    const logger = createLogger({ name: "shop", sinks: [] });
    const app = testApp();
    app.get("/orders/:id", ({ params }) => {
      if (params["id"] === "0") throw new HttpError(404, "no such order");
      orders.add(1, { channel: "web" });
      logger.warn("order shown", { id: params["id"] });
      return new Response("an order");
    });
    const handler = app.createHandler();
    await (await handler(request("/orders/7"))).body?.cancel();

    await telemetry.waitForSpan("GET /orders/:id");
    assert.equal(
      telemetry.spanTree({ attributes: ["http.route", "http.response.status_code"] }),
      [
        'SERVER GET /orders/:id {http.route="/orders/:id", http.response.status_code=200}',
        '  INTERNAL controller {http.route="/orders/:id"}',
      ].join("\n"),
    );
    assert.equal(await telemetry.metricValue("shop.orders", { channel: "web" }), 1);
    const duration = await telemetry.histogram("http.server.request.duration", {
      "http.route": "/orders/:id",
    });
    assert.equal(duration.count, 1);
    const log = telemetry.findLog("order shown");
    assert.equal(log.severity, "WARN");
    assert.equal(log.traceId, telemetry.findSpan("controller").traceId);
  });
}
