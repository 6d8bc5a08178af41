import assert from "node:assert/strict";
import {
  type MetricFamily,
  negotiateExposition,
  writeExposition,
} from "../../../framework/telemetry/prometheus_text.ts";
import { parseExposition } from "../../_exposition.ts";

const FAMILIES: readonly MetricFamily[] = [
  {
    name: "shop_orders",
    type: "counter",
    unit: "{order}",
    description: 'Orders "placed"\nin C:\\shop',
    series: [
      { labels: {}, value: 3 },
      { labels: { path: 'C:\\new\n"x"', other: "ü" }, value: 1e21 },
    ],
  },
  {
    name: "shop_heat_celsius",
    type: "gauge",
    unit: "Cel",
    description: "",
    series: [{ labels: {}, value: -2.5 }],
  },
  {
    name: "shop_wait_seconds",
    type: "histogram",
    unit: "s",
    description: "Waiting",
    bounds: [0.5, 1, 10],
    series: [{ labels: { door: "a" }, sum: 12.5, counts: [1, 0, 2, 1] }],
  },
];

Deno.test("writeExposition() writes the text format 0.0.4", () => {
  assert.equal(
    writeExposition(FAMILIES, "prometheus"),
    String.raw`# HELP shop_orders_total Orders "placed"\nin C:\\shop
# TYPE shop_orders_total counter
shop_orders_total 3
shop_orders_total{path="C:\\new\n\"x\"",other="ü"} 1e+21
# TYPE shop_heat_celsius gauge
shop_heat_celsius -2.5
# HELP shop_wait_seconds Waiting
# TYPE shop_wait_seconds histogram
shop_wait_seconds_bucket{door="a",le="0.5"} 1
shop_wait_seconds_bucket{door="a",le="1"} 1
shop_wait_seconds_bucket{door="a",le="10"} 3
shop_wait_seconds_bucket{door="a",le="+Inf"} 4
shop_wait_seconds_sum{door="a"} 12.5
shop_wait_seconds_count{door="a"} 4
`,
  );
  assert.equal(writeExposition([], "prometheus"), "");
});

Deno.test("writeExposition() writes OpenMetrics 1.0", () => {
  assert.equal(
    writeExposition(FAMILIES, "openmetrics"),
    String.raw`# HELP shop_orders Orders \"placed\"\nin C:\\shop
# TYPE shop_orders counter
shop_orders_total 3
shop_orders_total{path="C:\\new\n\"x\"",other="ü"} 1e+21
# TYPE shop_heat_celsius gauge
# UNIT shop_heat_celsius celsius
shop_heat_celsius -2.5
# HELP shop_wait_seconds Waiting
# TYPE shop_wait_seconds histogram
# UNIT shop_wait_seconds seconds
shop_wait_seconds_bucket{door="a",le="0.5"} 1
shop_wait_seconds_bucket{door="a",le="1.0"} 1
shop_wait_seconds_bucket{door="a",le="10.0"} 3
shop_wait_seconds_bucket{door="a",le="+Inf"} 4
shop_wait_seconds_sum{door="a"} 12.5
shop_wait_seconds_count{door="a"} 4
# EOF
`,
  );
  assert.equal(writeExposition([], "openmetrics"), "# EOF\n");
});

Deno.test("writeExposition() writes what a strict reader reads back, in both formats", () => {
  for (const format of ["prometheus", "openmetrics"] as const) {
    const read = parseExposition(writeExposition(FAMILIES, format), format);
    assert.deepEqual(read.map(({ name, type }) => [name, type]), [
      ["shop_orders", "counter"],
      ["shop_heat_celsius", "gauge"],
      ["shop_wait_seconds", "histogram"],
    ]);
    assert.equal(read[0]?.help, FAMILIES[0]?.description);
    assert.deepEqual(read[0]?.samples[1]?.labels, { path: 'C:\\new\n"x"', other: "ü" });
  }
});

for (
  const [what, text] of [
    ["no end of the last line", "# TYPE a gauge\na 1"],
    ["a family twice", "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na 2\n"],
    ["a series twice", '# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ["an escape that there is not", '# TYPE a gauge\na{x="\\t"} 1\n'],
    ["a label twice", '# TYPE a gauge\na{x="1",x="2"} 1\n'],
    ["a sample with no type", "a 1\n"],
    ["a bad value", "# TYPE a gauge\na one\n"],
    ["no bucket +Inf", '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
    ["a falling bucket", '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n'],
  ] as const
) {
  Deno.test(`parseExposition() refuses ${what}`, () => {
    assert.throws(() => parseExposition(text, "prometheus"), SyntaxError);
  });
}

for (
  const [accept, expected] of [
    [null, "prometheus"],
    ["*/*", "prometheus"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "prometheus"],
    ["application/openmetrics-text", "openmetrics"],
    ["Application/OpenMetrics-Text; Version=1.0.0", "openmetrics"],
    ["application/openmetrics-text;version=0.0.1", "prometheus"],
    ["application/openmetrics-text;q=0", "prometheus"],
    ["application/openmetrics-text;q=0.2,text/plain;version=0.0.4;q=0.5", "prometheus"],
    ["application/openmetrics-text;q=high", "prometheus"],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
      "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3," +
      "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
      "openmetrics",
    ],
  ] as const
) {
  Deno.test(`negotiateExposition() answers ${expected} when Accept is ${accept}`, () => {
    assert.equal(negotiateExposition(accept), expected);
  });
}
