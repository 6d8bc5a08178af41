import assert from "node:assert/strict";
import { LiveClient } from "../../../viewer/api/live_client.ts";
import type { LiveEventName, LiveEvents, StorageState } from "../../../viewer/api/model.ts";
import { readRequest } from "../../../viewer/otlp/request.ts";
import { Store } from "../../../viewer/store/store.ts";
import { id, logsRequest, span, tracesRequest } from "../_viewer.ts";

const MAX_BYTES = 200_000;

Deno.test("LiveClient tells nothing of what made room before it was read, but that it was missed", async () => {
  const store = new Store({ maxBytes: MAX_BYTES });
  const client = new LiveClient(store, {
    signals: new Set(["traces", "logs"]),
    // Nothing of it is looked at here.
    state: () => ({}) as StorageState,
    onClose: () => {},
  });
  const end = store.listen(client);
  const attributes = { filling: "x".repeat(4000) };
  for (let i = 1; i <= 100; i++) {
    const spans = [span({ traceId: id(i, 32), spanId: id(i), attributes })];
    const logs = [{ body: { stringValue: attributes.filling } }];
    await store.add(await readRequest({ ...tracesRequest(spans) }, "traces"));
    await store.add(await readRequest({ ...logsRequest(logs) }, "logs"));
  }
  assert.ok(store.traces.size < 100 && store.logs.size < 100);
  client.flush(0);
  end();
  client.close();
  const text = await new Response(client.stream).text();
  const told = <Name extends LiveEventName>(name: Name): LiveEvents[Name] =>
    JSON.parse(new RegExp(`^event: ${name}\ndata: (.*)$`, "m").exec(text)?.[1] ?? "");
  assert.equal(told("traces").traces.length, store.traces.size);
  assert.equal(told("traces").missed, true);
  assert.equal(told("logs").logs.length, store.logs.size);
  assert.equal(told("logs").missed, true);
});
