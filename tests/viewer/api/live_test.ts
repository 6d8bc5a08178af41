import assert from "node:assert/strict";
import type { LiveEventName, LiveEvents } from "../../../viewer/api/model.ts";
import type { Viewer } from "../../../viewer/mod.ts";
import {
  askRefused,
  id,
  logsRequest,
  metricsRequest,
  nanos,
  send,
  span,
  startTestViewer,
  TRACE_ID,
  tracesRequest,
} from "../_viewer.ts";

/** Reads server-sent events one by one. */
class EventReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #leaving: AbortController;
  #text = "";

  private constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>, leaving: AbortController) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
    this.#leaving = leaving;
  }

  static async open(viewer: Viewer, query = ""): Promise<EventReader> {
    const leaving = new AbortController();
    const answer = await fetch(`${viewer.url}/api/events?${query}`, { signal: leaving.signal });
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    assert.ok(answer.body);
    return new EventReader(answer.body, leaving);
  }

  /** The data of the next event with a name; those with other names are passed over. */
  async next<Name extends LiveEventName>(name: Name): Promise<LiveEvents[Name]> {
    while (true) {
      const block = await this.#block();
      assert.ok(block !== undefined, "The events have ended");
      if (!block.includes(`event: ${name}\n`)) continue;
      const data = /^data: (.*)$/m.exec(block)?.[1];
      return JSON.parse(data ?? "");
    }
  }

  /** Waits until the viewer ends the events. */
  async ended(): Promise<void> {
    while (await this.#block() !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#reader.cancel().catch(() => {});
  }

  async #block(): Promise<string | undefined> {
    while (!this.#text.includes("\n\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#text += value;
    }
    const end = this.#text.indexOf("\n\n");
    const block = this.#text.slice(0, end + 1);
    this.#text = this.#text.slice(end + 2);
    return block;
  }
}

Deno.test("GET /api/events tells of traces, logs and metrics as they arrive", async () => {
  await using viewer = await startTestViewer();
  await using events = await EventReader.open(viewer);
  const hello = await events.next("hello");
  assert.equal(hello.traces.spans, 0);
  await send(viewer, tracesRequest([span({ parentSpanId: id(1), name: "child" })]));
  const child = await events.next("traces");
  assert.deepEqual(child.traces.map(({ name, rootSeen }) => [name, rootSeen]), [["child", false]]);
  assert.equal(child.missed, false);

  await send(viewer, tracesRequest([span({ spanId: id(1), name: "root" })]));
  const root = await events.next("traces");
  assert.deepEqual(root.traces.map(({ name, spanCount }) => [name, spanCount]), [["root", 2]]);

  await send(viewer, logsRequest([{ body: { stringValue: "hi" }, traceId: TRACE_ID }]));
  assert.equal((await events.next("traces")).traces[0]?.logCount, 1);
  assert.deepEqual((await events.next("logs")).logs.map(({ body }) => body), ["hi"]);

  await send(
    viewer,
    metricsRequest([{
      name: "load",
      gauge: { dataPoints: [{ timeUnixNano: nanos(0), asDouble: 1 }] },
    }]),
  );
  assert.equal((await events.next("metrics")).instruments.length, 1);
  const state = await events.next("state");
  assert.deepEqual([state.traces.spans, state.logs.logs], [2, 1]);
});

Deno.test("GET /api/events tells of no other signals than those wanted", async () => {
  await using viewer = await startTestViewer();
  await using events = await EventReader.open(viewer, "signals=logs");
  await send(viewer, tracesRequest([span()]));
  await send(viewer, logsRequest([{ body: { stringValue: "hi" } }]));
  await events.next("hello");
  await using others = await EventReader.open(viewer, "signals=traces,metrics");
  await send(viewer, tracesRequest([span({ spanId: id(2) })]));
  assert.equal((await others.next("traces")).traces.length, 1);
  assert.equal((await events.next("logs")).logs.length, 1);
  const { status } = await askRefused(viewer, "/api/events?signals=logs,profiles");
  assert.equal(status, 400);
});

Deno.test("GET /api/events says that something was missed when too much came at once", async () => {
  await using viewer = await startTestViewer();
  await using events = await EventReader.open(viewer, "signals=traces");
  await events.next("hello");
  const spans = Array.from({ length: 2000 }, (_, i) => span({ traceId: id(i + 1, 32) }));
  await send(viewer, tracesRequest(spans));
  // A slow machine may send a part of them before there are too many.
  let missed = false;
  while (!missed) {
    const told = await events.next("traces");
    assert.ok(told.traces.length <= 300);
    missed = told.missed;
  }
});

Deno.test("GET /api/events ends when the viewer does, and leaves nothing behind", async () => {
  const viewer = await startTestViewer();
  const events = await EventReader.open(viewer);
  await events.next("hello");
  const ended = events.ended().catch(() => {});
  await viewer.shutdown();
  await ended;
  await events[Symbol.asyncDispose]();
});
