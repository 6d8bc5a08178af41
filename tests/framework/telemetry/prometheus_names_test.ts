import assert from "node:assert/strict";
import {
  type FamilyType,
  prometheusLabels,
  prometheusName,
} from "../../../framework/telemetry/prometheus_names.ts";

for (
  const [name, unit, type, expected] of [
    ["http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds"],
    ["http.server.active_requests", "{request}", "gauge", "http_server_active_requests"],
    ["echelon.http.requests", "{request}", "counter", "echelon_http_requests"],
    ["process.cpu.time", "s", "counter", "process_cpu_time_seconds"],
    ["process.memory.usage", "By", "gauge", "process_memory_usage_bytes"],
    ["queue.fill", "1", "gauge", "queue_fill_ratio"],
    ["queue.fills", "1", "counter", "queue_fills"],
    ["disk.speed", "MBy/s", "gauge", "disk_speed_megabytes_per_second"],
    ["work.rate", "{job}/min", "gauge", "work_rate_per_minute"],
    ["wait_seconds", "s", "gauge", "wait_seconds"],
    ["orders.total", "", "counter", "orders"],
    ["bytes_total", "By", "counter", "bytes"],
    ["a..b--c/d", "", "gauge", "a_b_c_d"],
    ["room.heat", "Cel", "gauge", "room_heat_celsius"],
    ["odd", "furlong/fortnight", "gauge", "odd_furlong_per_fortnight"],
  ] as const satisfies readonly (readonly [string, string, FamilyType, string])[]
) {
  Deno.test(`prometheusName() makes "${expected}" of the ${type} "${name}" in "${unit}"`, () => {
    assert.equal(prometheusName({ name, unit, type }), expected);
  });
}

Deno.test("prometheusLabels() gives every attribute a valid name and no name twice", () => {
  assert.deepEqual(
    prometheusLabels({
      "http.route": "/a",
      "b_c": "2",
      "b.c": "1",
      "9lives": true,
      "le": 5,
      "list": ["x", "y"],
      "gone": undefined,
      "Größe": "gross",
    }),
    {
      "http_route": "/a",
      "b_c": "1;2",
      "key_9lives": "true",
      "exported_le": "5",
      "list": '["x","y"]',
      "Gr_e": "gross",
    },
  );
});
