import assert from "node:assert/strict";
import { HttpMetricAttributes } from "../../../framework/telemetry/http_metric_attributes.ts";
import type { HttpRequestRecord } from "../../../framework/telemetry/metric_records.ts";

const RECORD: HttpRequestRecord = {
  method: "GET",
  scheme: "http",
  route: "/orders/:id",
  status: 200,
  errorType: undefined,
  seconds: 1,
};

Deno.test("HttpMetricAttributes.finished() makes the attributes of each outcome once, frozen", () => {
  const attributes = new HttpMetricAttributes();
  const { counted, measured } = attributes.finished(RECORD);
  assert.deepEqual(counted, {
    "http.request.method": "GET",
    "http.route": "/orders/:id",
    "http.response.status_code": 200,
  });
  assert.deepEqual(measured, { ...counted, "url.scheme": "http" });
  const again = attributes.finished({ ...RECORD, seconds: 2 });
  assert.equal(again.counted, counted);
  assert.equal(again.measured, measured);
  assert.ok(Object.isFrozen(counted) && Object.isFrozen(measured));
});

Deno.test("HttpMetricAttributes.finished() tells every outcome apart", () => {
  const attributes = new HttpMetricAttributes();
  const records: HttpRequestRecord[] = [
    RECORD,
    { ...RECORD, method: "POST" },
    { ...RECORD, scheme: "https" },
    { ...RECORD, route: undefined },
    { ...RECORD, status: 404 },
    { ...RECORD, status: undefined, errorType: "client_disconnected" },
    { ...RECORD, status: 500, errorType: "TypeError" },
    { ...RECORD, status: 500, errorType: "500" },
  ];
  const measured = records.map((record) => attributes.finished(record).measured);
  assert.equal(new Set(measured.map((set) => JSON.stringify(set))).size, records.length);
  assert.equal(measured[6]?.["error.type"], "TypeError");
  assert.ok(!("http.route" in (measured[3] ?? {})));
});

Deno.test("HttpMetricAttributes counts methods that a client made up as one", () => {
  const attributes = new HttpMetricAttributes();
  const { counted } = attributes.finished({ ...RECORD, method: "BREW" });
  assert.equal(counted["http.request.method"], "_OTHER");
  assert.equal(attributes.finished({ ...RECORD, method: "STIR" }).counted, counted);
  assert.equal(attributes.active("STIR", "http"), attributes.active("BREW", "http"));
});

Deno.test("HttpMetricAttributes keeps no more than its limit, and goes on without", () => {
  const attributes = new HttpMetricAttributes(2);
  const first = attributes.finished(RECORD).measured;
  const other = { ...RECORD, status: 404 };
  assert.deepEqual(attributes.finished(other), attributes.finished(other));
  assert.notEqual(attributes.finished(other).measured, attributes.finished(other).measured);
  assert.equal(attributes.finished(RECORD).measured, first);
});
