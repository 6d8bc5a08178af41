import assert from "node:assert/strict";
import { Changes } from "../../../framework/cache/changes.ts";

Deno.test("Changes.since() tells resources and times apart", () => {
  const changes = new Changes();
  const before = changes.now();
  changes.note("a");
  assert.equal(changes.since(before, "a"), true);
  assert.equal(changes.since(before, "b"), false);
  assert.equal(changes.since(changes.now(), "a"), false);
});

Deno.test("Changes.since() takes what it has forgotten for changed", () => {
  const changes = new Changes();
  const before = changes.now();
  for (let index = 0; index <= 1000; index++) changes.note(`${index}`);
  assert.equal(changes.since(before, "0"), true);
  assert.equal(changes.since(before, "1000"), true);
  assert.equal(changes.since(changes.now(), "0"), false);
});
