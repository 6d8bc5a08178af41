import assert from "node:assert/strict";
import { ExportReport } from "../../../telemetry-sdk/export/report.ts";

function reporter(items: "spans" | "metrics" = "spans") {
  const lines: string[] = [];
  const clock = { now: Date.parse("2026-01-01T00:00:00Z") };
  const report = new ExportReport({
    destination: "http://c:4318/v1/traces",
    items,
    say: (line) => lines.push(line),
    now: () => clock.now,
  });
  return { report, lines, clock };
}

Deno.test("ExportReport says one line when exports begin to fail and one when they work again", () => {
  const { report, lines, clock } = reporter();
  for (let i = 0; i < 100; i++) {
    report.failed("connection refused", 3);
    clock.now += 5000;
  }
  report.succeeded();
  report.succeeded();
  assert.deepEqual(lines, [
    "export of spans to http://c:4318/v1/traces is failing since 2026-01-01T00:00:00.000Z: connection refused",
    "export of spans to http://c:4318/v1/traces works again; 300 spans were dropped meanwhile",
  ]);
  assert.deepEqual(report.counts, { succeeded: 2, failed: 100, rejected: 0 });
});

Deno.test("ExportReport is silent while all is well", () => {
  const { report, lines } = reporter();
  report.succeeded();
  assert.deepEqual(lines, []);
});

Deno.test("ExportReport does not flood when a destination flaps", () => {
  const { report, lines, clock } = reporter("metrics");
  for (let i = 0; i < 60; i++) {
    report.failed("busy", 1);
    report.succeeded();
    clock.now += 1000;
  }
  assert.equal(lines.length, 4);
});

Deno.test("ExportReport counts every rejected item and says so at most twice a minute", () => {
  const { report, lines, clock } = reporter();
  for (let i = 0; i < 60; i++) {
    report.rejected(2, "too old");
    clock.now += 1000;
  }
  report.rejected(0, "");
  assert.deepEqual(lines.slice(0, 1), ["http://c:4318/v1/traces refused 2 spans: too old"]);
  assert.equal(lines.length, 3);
  assert.equal(lines.at(-1), "http://c:4318/v1/traces warns: it gave no reason");
  assert.equal(report.counts.rejected, 120);
});
