import assert from "node:assert/strict";
import { bindIterable, bindStream } from "../../../framework/telemetry/context_binding_streams.ts";
import { getActiveSpan, withSpan } from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

function activeSpanId(): string {
  return getActiveSpan()?.spanContext().spanId ?? "none";
}

/** A server whose bodies tell, chunk by chunk, in which span they were made. */
function serving(body: () => BodyInit): {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly url: string;
  /** The request's span, once there is one. */
  readonly request: Promise<string>;
} {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = Deno.serve({ port: 0, onListen: () => {} }, () =>
    withSpan("request", () => {
      resolve(activeSpanId());
      return new Response(body());
    }));
  return { server, url: `http://localhost:${server.addr.port}/`, request: promise };
}

const encode = (text: string) => new TextEncoder().encode(`${text}\n`);
const later = () => new Promise((resolve) => setTimeout(resolve, 1));

async function* spans(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let n = 0; n < 3; n++) {
    yield encode(activeSpanId());
    await later();
    yield encode(activeSpanId());
  }
}

const bodies: Record<string, { chunks: number; body: () => BodyInit }> = {
  "bindIterable() on a generator that is a body": {
    chunks: 6,
    body: () => bindIterable(spans()) as unknown as BodyInit,
  },
  "bindIterable() on a generator in ReadableStream.from()": {
    chunks: 6,
    body: () => ReadableStream.from(bindIterable(spans())),
  },
  "bindStream() on ReadableStream.from() a generator": {
    chunks: 6,
    body: () => bindStream(ReadableStream.from(spans())),
  },
  "bindStream() on a stream of bytes": {
    chunks: 3,
    body: () => {
      let chunks = 0;
      return bindStream(
        new ReadableStream({
          type: "bytes",
          async pull(controller) {
            await later();
            controller.enqueue(encode(activeSpanId()));
            if (++chunks === 3) controller.close();
          },
        }),
      );
    },
  },
};

for (const [name, { body, chunks }] of Object.entries(bodies)) {
  Deno.test(`${name} produces it in the request's span, in Deno.serve`, async () => {
    using _telemetry = inMemoryTelemetry();
    const { server, url, request } = serving(body);
    const text = await (await fetch(url)).text();
    assert.deepEqual(text.trim().split("\n"), Array(chunks).fill(await request));
    await server.shutdown();
  });
}

const cancelled: Record<string, (told: (where: string) => void) => BodyInit> = {
  "bindIterable() runs a generator's finally": (told) => {
    async function* endless() {
      try {
        while (true) {
          yield encode("x".repeat(10_000));
          await later();
        }
      } finally {
        told(activeSpanId());
      }
    }
    return ReadableStream.from(bindIterable(endless()));
  },
  "bindStream() runs a stream's cancel": (told) =>
    bindStream(
      new ReadableStream({
        async pull(controller) {
          await later();
          controller.enqueue(encode("x".repeat(10_000)));
        },
        cancel: () => told(activeSpanId()),
      }),
    ),
};

for (const [name, body] of Object.entries(cancelled)) {
  Deno.test(`${name} in the request's span when the client goes away`, async () => {
    using _telemetry = inMemoryTelemetry();
    const { promise, resolve } = Promise.withResolvers<string>();
    const { server, url, request } = serving(() => body(resolve));
    const response = await fetch(url);
    await response.body?.cancel();
    assert.equal(await promise, await request);
    await server.shutdown();
    // A pull may be under way still when the stream is cancelled.
    await later();
  });
}

Deno.test("bindIterable() takes what is synchronous, and gives the values as they are", async () => {
  using _telemetry = inMemoryTelemetry();
  function* twice() {
    yield activeSpanId();
    yield activeSpanId();
  }
  const { bound, made } = withSpan("make", () => ({
    bound: bindIterable(twice()),
    made: activeSpanId(),
  }));
  assert.deepEqual(await Array.fromAsync(bound), [made, made]);
});

Deno.test("bindIterable() hands on what is returned and thrown", async () => {
  const steps: string[] = [];
  async function* producer() {
    try {
      yield 1;
      yield 2;
    } catch (error) {
      steps.push(`caught ${error}`);
      yield 3;
    } finally {
      steps.push("finally");
    }
  }
  const thrown = bindIterable(producer());
  await thrown.next();
  assert.deepEqual(await thrown.throw?.("a stone"), { done: false, value: 3 });
  assert.deepEqual(await thrown.return?.("over"), { done: true, value: "over" });
  assert.deepEqual(steps, ["caught a stone", "finally"]);

  const plain = bindIterable([1, 2]);
  await assert.rejects(async () => await plain.throw?.(new RangeError("a stone")), RangeError);
  assert.deepEqual(await plain.return?.("over"), { done: true, value: "over" });
});

Deno.test("bindStream() reads nothing before it is asked, and hands errors on", async () => {
  let pulls = 0;
  const failing = new ReadableStream<string>({
    pull(controller) {
      pulls += 1;
      controller.error(new RangeError("dry"));
    },
  }, { highWaterMark: 0 });
  const bound = bindStream(failing);
  await later();
  assert.equal(pulls, 0);
  await assert.rejects(Array.fromAsync(bound), RangeError);
  assert.equal(pulls, 1);
});
