import assert from "node:assert/strict";
import { startProcess } from "./_process.ts";

function script(source: string): string[] {
  return ["eval", "--no-lock", source];
}

Deno.test("startProcess() keeps the lines of both streams and the status", async () => {
  await using process = await startProcess({
    args: script(
      `console.log("one\\ntwo"); console.error("three"); Deno.exit(7);`,
    ),
  });
  assert.equal((await process.status).code, 7);
  assert.deepEqual(process.stdout, ["one", "two"]);
  assert.deepEqual(process.stderr, ["three"]);
  assert.deepEqual([...process.lines].sort(), ["one", "three", "two"]);
});

Deno.test("startProcess() gives the child only the environment it is told", async () => {
  Deno.env.set("ECHELON_TEST_LEAK", "leaked");
  try {
    await using process = await startProcess({
      args: script(`console.log(JSON.stringify(Deno.env.toObject()))`),
      env: { OTEL_SERVICE_NAME: "shop" },
    });
    const [, json] = await process.waitForLine(/(\{.*\})/);
    const env = JSON.parse(json ?? "");
    assert.equal(env.OTEL_SERVICE_NAME, "shop");
    assert.equal(env.PATH, Deno.env.get("PATH"));
    assert.equal("ECHELON_TEST_LEAK" in env, false);
  } finally {
    Deno.env.delete("ECHELON_TEST_LEAK");
  }
});

Deno.test("startProcess() takes the address from the ready line and it answers", async () => {
  await using process = await startProcess({
    args: script(
      `Deno.serve({ port: 0, hostname: "127.0.0.1" }, () => new Response("here"))`,
    ),
    ready: /Listening on (http:\/\/\S+?)\/?$/,
  });
  assert.ok(process.url);
  await process.waitForHttp(process.url);
  assert.equal(await (await fetch(process.url)).text(), "here");
});

Deno.test("startProcess() rejects with the output when the process ends before it is ready", async () => {
  await assert.rejects(
    startProcess({
      args: script(`console.log("no port"); Deno.exit(3);`),
      ready: /listening/,
    }),
    /ended with code 3[^]*no port/,
  );
});

Deno.test("signal() reaches the process and status tells how it ended", async () => {
  await using process = await startProcess({
    args: script(
      `Deno.addSignalListener("SIGTERM", () => Deno.exit(5)); setInterval(() => {}, 1e6); console.log("up");`,
    ),
    ready: /up/,
  });
  process.signal("SIGTERM");
  assert.equal((await process.status).code, 5);
});

Deno.test("waitForLine() rejects with the output when the line does not come", async () => {
  await using process = await startProcess({
    args: script(`console.log("up"); setInterval(() => {}, 1e6);`),
    ready: /up/,
  });
  await assert.rejects(
    process.waitForLine(/down/, { timeoutMillis: 50 }),
    /Nothing after 50 ms: no line like \/down\/[^]*up/,
  );
});

Deno.test("disposing kills a process that ignores signals", async () => {
  const process = await startProcess({
    args: script(
      `Deno.addSignalListener("SIGTERM", () => {}); setInterval(() => {}, 1e6); console.log("up");`,
    ),
    ready: /up/,
  });
  process.signal("SIGTERM");
  await process[Symbol.asyncDispose]();
  assert.equal((await process.status).signal, "SIGKILL");
});
