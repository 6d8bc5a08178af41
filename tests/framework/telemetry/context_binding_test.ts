import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  bindListener,
  bindMessageHandler,
  bindSocketListener,
  bindToRoot,
  runFromRoot,
} from "../../../framework/telemetry/context_binding.ts";
import { getActiveSpan, type Link, withSpan } from "../../../framework/telemetry/otel.ts";
import { injectIntoCarrier, type TraceCarrier } from "../../../framework/telemetry/otel_context.ts";
import { startProcess } from "../../_process.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

function activeSpanId(): string | undefined {
  return getActiveSpan()?.spanContext().spanId;
}

/** The active span where a callback runs, and the wait for it. */
function whereCalled(): { where: Promise<string | undefined>; call: () => void } {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  // Neither a timeout's signal nor a signal's listener keeps the process alive.
  const alive = setInterval(() => {}, 1_000);
  const call = () => {
    clearInterval(alive);
    resolve(activeSpanId());
  };
  return { where: promise, call };
}

Deno.test("bindListener() keeps the context for a listener of a timeout's signal", async () => {
  using _telemetry = inMemoryTelemetry();
  const { where, call } = whereCalled();
  const signal = AbortSignal.any([AbortSignal.timeout(1)]);
  const registered = withSpan("wait", () => {
    signal.addEventListener("abort", bindListener(call), { once: true });
    return activeSpanId();
  });
  assert.equal(await where, registered);
});

Deno.test("bindListener() keeps the context for a listener of a request's signal", async () => {
  using _telemetry = inMemoryTelemetry();
  const { where, call } = whereCalled();
  const entered = Promise.withResolvers<string | undefined>();
  const answer = Promise.withResolvers<Response>();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    (request) =>
      withSpan("request", () => {
        request.signal.addEventListener("abort", bindListener({ handleEvent: call }));
        entered.resolve(activeSpanId());
        return answer.promise;
      }),
  );
  const client = new AbortController();
  const fetched = fetch(`http://localhost:${server.addr.port}/`, { signal: client.signal });
  const registered = await entered.promise;
  client.abort();
  await assert.rejects(fetched, { name: "AbortError" });
  assert.equal(await where, registered);
  answer.resolve(new Response());
});

Deno.test("bindMessageHandler() runs a queue's messages in the trace that they carry", async () => {
  using _telemetry = inMemoryTelemetry();
  const kv = await Deno.openKv(":memory:");
  const seen = new Map<string, string | undefined>();
  const both = Promise.withResolvers<void>();
  interface Mail {
    readonly to: string;
    readonly trace?: TraceCarrier;
  }
  const handle = bindMessageHandler((mail: Mail) => {
    seen.set(mail.to, activeSpanId());
    if (seen.size === 2) both.resolve();
  }, (mail) => mail.trace);
  const listening = withSpan("listen", () => kv.listenQueue(handle));
  const sender = await withSpan("send", async () => {
    await kv.enqueue({ to: "traced", trace: injectIntoCarrier() });
    await kv.enqueue({ to: "untraced" });
    return activeSpanId();
  });
  await both.promise;
  kv.close();
  await listening;
  assert.deepEqual(Object.fromEntries(seen), { traced: sender, untraced: undefined });
});

Deno.test("bindMessageHandler() runs a port's messages outside the trace of its registration", async () => {
  using _telemetry = inMemoryTelemetry();
  const { port1, port2 } = new MessageChannel();
  const { where, call } = whereCalled();
  withSpan("register", () => {
    port2.onmessage = bindMessageHandler(call);
  });
  port1.postMessage("hello");
  assert.equal(await where, undefined);
  port1.close();
  port2.close();
});

Deno.test("bindToRoot() runs a cron job outside the trace of its registration", async () => {
  await using process = await startProcess({
    args: [
      "run",
      "--allow-env",
      "--unstable-cron",
      fileURLToPath(import.meta.resolve("./_cron_process.ts")),
    ],
    // Deno's own switch for tests: it ticks after so many milliseconds.
    env: { DENO_CRON_TEST_SCHEDULE_OFFSET: "10" },
  });
  const [, where] = await process.waitForLine(/ticked in (.+)/);
  assert.equal(where, "no trace");
});

Deno.test({
  name: "bindToRoot() runs a signal's listener outside the trace of its registration",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using _telemetry = inMemoryTelemetry();
    const { where, call } = whereCalled();
    const listener = withSpan("register", () => {
      const listener = bindToRoot(call);
      Deno.addSignalListener("SIGUSR2", listener);
      return listener;
    });
    Deno.kill(Deno.pid, "SIGUSR2");
    assert.equal(await where, undefined);
    Deno.removeSignalListener("SIGUSR2", listener);
  },
});

Deno.test("bindToRoot() passes arguments and value on", () => {
  const add = bindToRoot((a: number, b: number) => a + b);
  assert.equal(add(1, 2), 3);
});

Deno.test("runFromRoot() frees a timer from the request that happens to start it", async () => {
  using _telemetry = inMemoryTelemetry();
  const { where, call } = whereCalled();
  withSpan("request", () => runFromRoot(() => setTimeout(call)));
  assert.equal(await where, undefined);
});

Deno.test("bindSocketListener() runs messages outside the opening request, and links to it", async () => {
  using telemetry = inMemoryTelemetry();
  const handled = Promise.withResolvers<{ where: string | undefined; links: Link[] }>();
  const opening = Promise.withResolvers<string | undefined>();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    (request) =>
      withSpan("upgrade", () => {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = bindSocketListener((event: MessageEvent, links) => {
          handled.resolve({ where: activeSpanId(), links });
          withSpan("message", { links }, () => socket.send(event.data));
        });
        opening.resolve(activeSpanId());
        return response;
      }),
  );
  const client = new WebSocket(`ws://localhost:${server.addr.port}/`);
  const closed = Promise.withResolvers<void>();
  client.onopen = () => client.send("hello");
  client.onmessage = () => client.close();
  client.onclose = () => closed.resolve();
  const { where, links } = await handled.promise;
  await closed.promise;
  assert.equal(where, undefined);
  assert.deepEqual(links.map(({ context }) => context.spanId), [await opening.promise]);
  const message = telemetry.spanTree().find(({ name }) => name === "message");
  assert.deepEqual(message?.links, ["upgrade"]);
});

Deno.test("bindSocketListener() has no link where no request opened the socket", () => {
  const listener = bindSocketListener((_event: Event, links) => links);
  assert.deepEqual(listener(new Event("open")), []);
});
