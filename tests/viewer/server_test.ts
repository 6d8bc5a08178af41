import assert from "node:assert/strict";
import { ask, send, span, startTestViewer, tracesRequest } from "./_viewer.ts";
import type { StorageState } from "../../viewer/api/model.ts";

Deno.test("startViewer() uses another port and says so when the one it wants is taken", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using viewer = await startTestViewer({ port });
  assert.equal(viewer.busyPort, port);
  assert.notEqual(viewer.port, port);
  assert.equal(viewer.url, `http://127.0.0.1:${viewer.port}`);
  await send(viewer, tracesRequest([span()]));
  await assert.rejects(startTestViewer({ port, exactPort: true }), Deno.errors.AddrInUse);
});

Deno.test("viewer serves its page and the addresses within it, and no other file", async () => {
  await using viewer = await startTestViewer();
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(viewer.url + path, { headers });
    return { answer, text: await answer.text() };
  };
  const { answer, text } = await get("/");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  const etag = answer.headers.get("etag") ?? "";
  assert.equal((await get("/", { "if-none-match": etag })).answer.status, 304);
  assert.equal((await get("/metrics", { accept: "text/html,*/*" })).text, text);
  for (const path of ["/metrics", "/server.ts", "/%2e%2e/deno.json", "/app.js.map", "/v1/"]) {
    assert.equal((await get(path)).answer.status, 404, path);
  }
  const posted = await fetch(viewer.url, { method: "POST" });
  assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  await posted.body?.cancel();
  const head = await fetch(viewer.url, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});

Deno.test("viewer says what it keeps, what it takes and what had to go", async () => {
  await using viewer = await startTestViewer({ memoryMb: 16, maxSpansPerTrace: 1 });
  await send(viewer, tracesRequest([span(), span({ name: "another" })]));
  const state: StorageState = await ask(viewer, "/api/state");
  assert.equal(state.maxBytes, 16 * 2 ** 20);
  assert.equal(state.bytes, state.traces.bytes);
  assert.deepEqual([state.traces.spans, state.traces.spansNotKept], [1, 1]);
  assert.equal(state.requests.accepted, 1);
  assert.ok(state.startTime <= state.now);
  assert.deepEqual({ ...viewer.state(), now: 0 }, { ...state, now: 0 });
});

Deno.test("shutdown() can be called twice, and frees the port", async () => {
  const viewer = await startTestViewer();
  const { port } = viewer;
  await Promise.all([viewer.shutdown(), viewer.shutdown()]);
  await using next = await startTestViewer({ port, exactPort: true });
  assert.equal(next.port, port);
});
