import assert from "node:assert/strict";
import { href, parseRoute } from "../../../../viewer/page/state/address.ts";

Deno.test("href() and parseRoute() are each other's opposite", () => {
  const hash = href(["metrics", "a/b?c#d %"], { q: "50 % & more", attr: ["x:1", "y:2"], none: "" });
  const { view, id, query } = parseRoute(hash);
  assert.equal(view, "metrics");
  assert.equal(id, "a/b?c#d %");
  assert.deepEqual([...query], [["q", "50 % & more"], ["attr", "x:1"], ["attr", "y:2"]]);
});

Deno.test("parseRoute() bears any hash", () => {
  assert.deepEqual(["", "#", "#/", "#/%zz/%"].map((hash) => parseRoute(hash).view), [
    "traces",
    "traces",
    "traces",
    "%zz",
  ]);
  assert.equal(parseRoute("#/trace/").id, undefined);
});
