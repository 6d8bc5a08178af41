import assert from "node:assert/strict";
import { answer, request, testApp } from "../../_app.ts";

const json = { "content-type": "application/json" };

function echo(bodyLimit?: number) {
  const app = testApp(bodyLimit === undefined ? {} : { bodyLimit });
  app.post("/json", async (ctx) => ({ got: await ctx.body.json() }));
  app.post("/form", async (ctx) => Object.fromEntries((await ctx.body.form()).entries()));
  app.post("/text", async (ctx) => await ctx.body.text());
  app.post("/twice", async (ctx) => [await ctx.body.json(), await ctx.body.text()]);
  return app;
}

function chunked(text: string): RequestInit {
  return { body: ReadableStream.from([new TextEncoder().encode(text)]) };
}

Deno.test("RequestBody reads JSON, text, forms, and the same body again", async () => {
  const app = echo();
  const post = async (path: string, init: RequestInit) =>
    (await answer(app.handle(request(path, { method: "POST", ...init })))).body;
  assert.equal(await post("/json", { body: '{"a":1}', headers: json }), '{"got":{"a":1}}');
  const suffixed = { "content-type": "application/merge-patch+json; charset=utf-8" };
  assert.equal(await post("/json", { body: "null", headers: suffixed }), '{"got":null}');
  assert.equal(await post("/text", { body: "tea ☕" }), "tea ☕");
  assert.equal(await post("/text", {}), "");
  assert.equal(await post("/twice", { body: "[1]", headers: json }), '[[1],"[1]"]');
  assert.equal(await post("/form", { body: new URLSearchParams({ a: "1 2" }) }), '{"a":"1 2"}');
  const multipart = new FormData();
  multipart.set("b", "x");
  assert.equal(await post("/form", { body: multipart }), '{"b":"x"}');
});

for (
  const { what, path = "/json", init, status, detail } of [
    {
      what: "JSON that does not parse",
      init: { body: "{bad", headers: json },
      status: 400,
      detail: /not valid JSON: /,
    },
    {
      what: "an empty body as JSON",
      init: { body: " ", headers: json },
      status: 400,
      detail: /empty: expected JSON/,
    },
    {
      what: "text as JSON",
      init: { body: "{}" },
      status: 415,
      detail: /content type is "text\/plain": expected application\/json/,
    },
    {
      what: "bytes that are no UTF-8",
      init: { body: new Uint8Array([0x22, 0xff, 0x22]), headers: json },
      status: 400,
      detail: /not valid UTF-8/,
    },
    {
      what: "an announced body over the limit",
      init: { body: `"${"x".repeat(100)}"`, headers: { ...json, "content-length": "102" } },
      status: 413,
      detail: /larger than the limit of 64 bytes/,
    },
    {
      what: "a chunked body over the limit",
      init: { ...chunked(`"${"x".repeat(100)}"`), headers: json },
      status: 413,
      detail: /larger than the limit of 64 bytes/,
    },
    {
      what: "a form that is none",
      path: "/form",
      init: { body: "x", headers: { "content-type": "multipart/form-data; boundary=b" } },
      status: 400,
      detail: /not a valid form/,
    },
    {
      what: "no content type as a form",
      path: "/form",
      init: {},
      status: 415,
      detail: /content type is none/,
    },
  ] as { what: string; path?: string; init: RequestInit; status: number; detail: RegExp }[]
) {
  Deno.test(`RequestBody answers ${status} to ${what}`, async () => {
    const response = await answer(echo(64).handle(request(path, { method: "POST", ...init })));
    assert.equal(response.status, status);
    assert.equal(response.type, "application/problem+json");
    assert.match(JSON.parse(response.body).detail, detail);
  });
}
