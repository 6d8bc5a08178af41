import assert from "node:assert/strict";
import { layOut } from "../../../../viewer/page/map/layout.ts";

function columns(names: readonly string[], calls: readonly (readonly [string, string])[]) {
  const { places } = layOut(names, calls.map(([from, to]) => ({ from, to })));
  const xs = [...new Set(places.map(({ x }) => x))].sort((a, b) => a - b);
  return Object.fromEntries(places.map(({ name, x }) => [name, xs.indexOf(x)]));
}

Deno.test("layOut() places callers left of those they call", () => {
  assert.deepEqual(
    columns(["kv", "shop", "web", "pay"], [["web", "shop"], ["shop", "kv"], ["shop", "pay"], [
      "web",
      "pay",
    ]]),
    { web: 0, shop: 1, kv: 2, pay: 2 },
  );
});

Deno.test("layOut() ends where calls go in a circle or to themselves", () => {
  const found = columns(["a", "b", "c"], [["a", "b"], ["b", "c"], ["c", "a"], ["b", "b"]]);
  assert.deepEqual(found, { a: 0, b: 1, c: 2 });
});

Deno.test("layOut() gives no two services one place, and bears a long chain", () => {
  const names = Array.from({ length: 3000 }, (_, i) => `s${i}`);
  const calls = names.slice(1).map((to, i) => ({ from: `s${i}`, to }));
  const { places } = layOut(names, calls);
  assert.equal(new Set(places.map(({ x, y }) => `${x} ${y}`)).size, 3000);
  assert.deepEqual(layOut([], []).places, []);
});
