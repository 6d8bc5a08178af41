import assert from "node:assert/strict";
import { namesOf } from "./_promql.ts";

Deno.test("namesOf() tells metrics and labels from functions, strings, ranges and numbers", () => {
  const query = `histogram_quantile(0.95, sum by (le, job) (rate(a_bucket{b=~"c{d}", e!="f"}[5m])))
    > 1e3 and on (g) (sum without(h)(i) or vector(0)) unless j offset 10m`;
  assert.deepEqual(namesOf(query), {
    metrics: ["a_bucket", "i", "j"],
    labels: ["le", "job", "b", "e", "g", "h"],
  });
  assert.deepEqual(namesOf("up == 0"), { metrics: ["up"], labels: [] });
  assert.throws(() => namesOf("vector(1)"), /No metric/);
});
