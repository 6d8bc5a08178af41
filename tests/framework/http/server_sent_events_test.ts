import assert from "node:assert/strict";
import { encodeEvent } from "../../../framework/http/server_sent_events.ts";
import { request, testApp } from "../../_app.ts";

Deno.test("encodeEvent() writes events as the HTML standard has them", () => {
  assert.equal(encodeEvent({ data: "one\r\ntwo\nthree" }), "data: one\ndata: two\ndata: three\n\n");
  assert.equal(
    encodeEvent({ event: "price", id: "7", retry: 1000, data: { eur: 2 }, comment: "hello" }),
    ': hello\nevent: price\nid: 7\nretry: 1000\ndata: {"eur":2}\n\n',
  );
  assert.throws(() => encodeEvent({ event: "a\ndata: forged" }), TypeError);
  assert.throws(() => encodeEvent({ id: "a\0" }), TypeError);
});

Deno.test("Context.sse() answers with an event stream", async () => {
  const app = testApp().get("/", (ctx) =>
    ctx.sse(async function* () {
      yield { data: 1 };
      await Promise.resolve();
      yield { data: 2 };
    }()));
  const response = await app.handle(request("/"));
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(await response.text(), "data: 1\n\ndata: 2\n\n");
});
