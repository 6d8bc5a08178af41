import assert from "node:assert/strict";
import { processLifecycle } from "../../framework/lifecycle.ts";
import { testApp } from "../_app.ts";
import { startProcess } from "../_process.ts";

Deno.test("listen() says where it answers, and refuses a port that is taken", async () => {
  const app = testApp().get("/", () => "ok");
  const server = app.listen({ port: 0, handleSignals: false });
  const port = Number(new URL(server.url).port);
  assert.equal(await (await fetch(server.url)).text(), "ok");
  assert.throws(() => testApp().listen({ port, handleSignals: false }), {
    name: "AddrInUse",
    message:
      `Cannot listen on 127.0.0.1:${port}: another process does; stop it or choose another port`,
  });
  await app.stop();
  await server.finished;
});

Deno.test("listen() refuses a certificate without its key", () => {
  assert.throws(() => testApp().listen({ port: 0, cert: "x" }), /"cert" and "key" go together/);
});

Deno.test("stop() lets running requests end, takes no new ones, and flushes telemetry", async () => {
  const lifecycle = processLifecycle();
  let flushed = 0;
  lifecycle.telemetry = { forceFlush: () => Promise.resolve(void flushed++) };
  const arrived = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const app = testApp().get("/", async () => {
    arrived.resolve();
    await go.promise;
    return "finished";
  });
  const server = app.listen({ port: 0, handleSignals: false });
  const running = fetch(server.url);
  await arrived.promise;
  assert.equal(lifecycle.drains.size, 1);
  const stopped = app.stop();
  assert.equal(flushed, 0);
  go.resolve();
  assert.equal(await (await running).text(), "finished");
  await stopped;
  assert.equal(flushed, 1);
  assert.equal(lifecycle.drains.size, 0);
  await assert.rejects(() => fetch(server.url));
  delete lifecycle.telemetry;
});

Deno.test("stop() waits no longer than its deadline", async () => {
  const app = testApp().get("/", () => new ReadableStream({ pull: () => new Promise(() => {}) }));
  const server = app.listen({ port: 0, handleSignals: false });
  const response = await fetch(server.url);
  await app.stop({ timeoutMillis: 20 });
  assert.equal(processLifecycle().drains.size, 0);
  await response.body?.cancel();
  await server.finished;
});

const service = `
  import { Application } from "@echelon/framework";
  const app = new Application();
  app.get("/", async () => {
    console.log("arrived");
    await new Promise((resolve) => setTimeout(resolve, 200));
    return "finished";
  });
  app.get("/never", () => { console.log("arrived"); return new Promise(() => {}); });
  console.log("listening on " + app.listen({ port: 0 }).url);
`;

async function startService() {
  // Inside the workspace, so that the framework resolves by its name.
  const file = await Deno.makeTempFile({ dir: import.meta.dirname as string, suffix: ".ts" });
  await Deno.writeTextFile(file, service);
  const process = await startProcess({
    args: ["run", "--allow-net", "--no-prompt", file],
    ready: /listening on (\S+)/,
  }).finally(() => Deno.remove(file));
  return process;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`listen() answers running requests at ${signal}, then exits with 0`, async () => {
    await using process = await startService();
    const running = fetch(process.url as string);
    await process.waitForLine(/arrived/);
    process.signal(signal);
    assert.equal(await (await running).text(), "finished");
    assert.equal((await process.status).code, 0);
  });
}

Deno.test("listen() exits at once at a second signal", async () => {
  await using process = await startService();
  const running = fetch(`${process.url}never`).then(() => "answered", () => "cut");
  await process.waitForLine(/arrived/);
  process.signal("SIGTERM");
  await assert.rejects(async () => {
    // The listener is closed before the second signal is sent: the first has been taken up.
    while (true) await (await fetch(process.url as string)).text();
  });
  process.signal("SIGTERM");
  assert.equal((await process.status).code, 143);
  assert.equal(await running, "cut");
});
