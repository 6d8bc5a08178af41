import assert from "node:assert/strict";
import { ANY_METHOD, Router } from "../../../framework/router/router.ts";

function router(...patterns: string[]): Router<string> {
  const router = new Router<string>();
  for (const pattern of patterns) router.add("GET", pattern, pattern);
  return router;
}

Deno.test("Router.match() prefers static segments to parameters to wildcards, in any order", () => {
  const routes = router("/files/**", "/files/:name", "/files/list");
  assert.equal(routes.match("GET", "/files/list")?.route.data, "/files/list");
  assert.equal(routes.match("GET", "/files/x")?.route.data, "/files/:name");
  assert.equal(routes.match("GET", "/files/x/y")?.route.data, "/files/**");
  assert.equal(routes.match("GET", "/other"), undefined);
});

Deno.test("Router.match() exposes the pattern and decodes the parameters", () => {
  const match = router("/orders/:id").match("GET", "/orders/caf%C3%A9");
  assert.equal(match?.route.pattern.pathname, "/orders/:id");
  assert.deepEqual({ ...match?.params }, { id: "café" });
});

Deno.test("Router.match() ignores one trailing slash and serves HEAD by GET", () => {
  const routes = router("/orders");
  assert.equal(routes.match("GET", "/orders/")?.route.data, "/orders");
  assert.equal(routes.match("HEAD", "/orders")?.route.data, "/orders");
  assert.equal(routes.match("POST", "/orders"), undefined);
});

Deno.test("Router.allowed() lists what a path answers to", () => {
  const routes = router("/orders");
  routes.add("DELETE", "/orders/:id", "delete");
  routes.add(ANY_METHOD, "/any", "any");
  assert.deepEqual(routes.allowed("/orders"), ["GET", "HEAD", "OPTIONS"]);
  assert.deepEqual(routes.allowed("/orders/1"), ["DELETE", "OPTIONS"]);
  assert.deepEqual(routes.allowed("/nowhere"), []);
});

Deno.test("Router.add() names the pattern that has no meaning", () => {
  assert.throws(() => router("/a/:x/:x"), /^TypeError: Cannot route "\/a\/:x\/:x": /);
});

Deno.test("Router.match() takes names of Object's own as ordinary paths and parameters", () => {
  const routes = router("/:constructor", "/__proto__/toString");
  assert.equal(routes.match("GET", "/hasOwnProperty")?.params.constructor, "hasOwnProperty");
  assert.equal(routes.match("GET", "/__proto__/toString")?.route.data, "/__proto__/toString");
});
