import assert from "node:assert/strict";
import { FetchTransport } from "../../../telemetry-sdk/export/fetch_transport.ts";
import { accept, type Answer, Collector } from "../_collector.ts";

const DATA = new TextEncoder().encode("payload ".repeat(100));
const TIMEOUT = 10_000;

function transportTo(
  url: string,
  options: { gzip?: boolean; headers?: Record<string, string> } = {},
) {
  return new FetchTransport({
    url,
    headers: options.headers ?? {},
    contentType: "application/x-protobuf",
    compression: options.gzip === true ? "gzip" : "none",
    userAgent: "test/1",
  });
}

/** A port that nothing listens on. */
function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

/** Sends once to a receiver with this answer. */
async function sendTo(answer: Answer) {
  await using collector = new Collector(answer);
  const response = await transportTo(`${collector.url}/v1/traces`).send(DATA, TIMEOUT);
  return { response, received: collector.received };
}

Deno.test("FetchTransport.send() posts the data with the protocol's headers and those configured", async () => {
  await using collector = new Collector();
  const url = `http://us%40er:pass@${collector.host}/v1/traces`;
  const { status } = await transportTo(url, { headers: { "x-key": "k" } }).send(DATA, TIMEOUT);
  assert.equal(status, "success");
  const [request] = collector.received;
  assert.deepEqual(request?.body, DATA);
  assert.equal(request?.headers.get("content-type"), "application/x-protobuf");
  assert.equal(request?.headers.get("user-agent"), "test/1");
  assert.equal(request?.headers.get("x-key"), "k");
  assert.equal(request?.headers.get("authorization"), `Basic ${btoa("us@er:pass")}`);
});

Deno.test("FetchTransport.send() compresses with gzip when asked", async () => {
  await using collector = new Collector();
  await transportTo(collector.url, { gzip: true }).send(DATA, TIMEOUT);
  const [request] = collector.received;
  assert.equal(request?.headers.get("content-encoding"), "gzip");
  assert.ok(Number(request?.headers.get("content-length")) < DATA.length / 4);
  assert.deepEqual(request?.body, DATA);
});

Deno.test("FetchTransport.send() gives the body of a success for the serialiser", async () => {
  const { response } = await sendTo(() =>
    new Response("reply", { headers: { "content-type": "application/x-protobuf" } })
  );
  assert.equal(response.status, "success");
  assert.deepEqual("data" in response && response.data, new TextEncoder().encode("reply"));
});

Deno.test("FetchTransport.send() takes any 2xx but a page for a success", async () => {
  const { response } = await sendTo(() => new Response("accepted"));
  assert.equal(response.status, "success");
});

Deno.test("FetchTransport.send() never sends again what was taken, whatever becomes of the answer", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let requests = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      requests += 1;
      await connection.read(new Uint8Array(64 * 1024));
      const answer = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nno";
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })().catch(() => {});
  const url = `http://127.0.0.1:${listener.addr.port}/v1/traces`;
  const { status } = await transportTo(url).send(DATA, TIMEOUT);
  listener.close();
  await serving;
  assert.equal(status, "success");
  assert.equal(requests, 1);
});

Deno.test("FetchTransport takes a stray % in a password for itself", async () => {
  await using collector = new Collector();
  await transportTo(`http://user:p%ss@${collector.host}/v1/traces`).send(DATA, TIMEOUT);
  assert.equal(collector.received[0]?.headers.get("authorization"), `Basic ${btoa("user:p%ss")}`);
});

Deno.test("FetchTransport.send() repeats no secret that a receiver sends back", async () => {
  const headers = { "x-api-key": "hunter22" };
  const answers: readonly Answer[] = [
    () => new Response("the key hunter22 is not known to letmein", { status: 401 }),
    () =>
      new Response(null, {
        status: 308,
        headers: { location: "https://me:letmein@collector.example/?token=hunter22&next=sesame" },
      }),
  ];
  for (const answer of answers) {
    await using collector = new Collector(answer);
    const url = `http://user:letmein@${collector.host}/v1/traces?token=sesame`;
    const response = await transportTo(url, { headers }).send(DATA, TIMEOUT);
    const told = "error" in response && response.error?.message || "";
    assert.match(told, /REDACTED/);
    assert.doesNotMatch(told, /hunter22|letmein|sesame/);
  }
});

Deno.test("FetchTransport.send() reports an answer that no OTLP receiver gives", async () => {
  const answers: readonly (readonly [Answer, RegExp])[] = [
    [
      () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      /text\/html, so it is not/,
    ],
    [
      () => new Response(null, { status: 307, headers: { location: "http://x/" } }),
      /redirects to http:\/\/x\//,
    ],
    [() => new Response("no such\n path", { status: 404 }), /answered 404: no such path$/],
    [
      () =>
        new Response(new Uint8Array(5 << 20), {
          headers: { "content-type": "application/x-protobuf" },
        }),
      /more than 4194304 bytes/,
    ],
  ];
  for (const [answer, message] of answers) {
    const { response, received } = await sendTo(answer);
    assert.equal(response.status, "failure");
    assert.match("error" in response && response.error?.message || "", message);
    assert.equal(received.length, 1, "not retried");
  }
});

Deno.test("FetchTransport.send() tries again after each retryable status", async () => {
  await Promise.all([429, 502, 503, 504].map(async (status) => {
    const { response, received } = await sendTo((number, request) =>
      number > 1 ? accept(number, request) : new Response(null, { status })
    );
    assert.equal(response.status, "success", String(status));
    assert.equal(received.length, 2, String(status));
  }));
});

Deno.test("FetchTransport.send() gives up at once when the deadline leaves no time to try again", async () => {
  await using collector = new Collector(() => new Response("busy", { status: 503 }));
  const response = await transportTo(collector.url).send(DATA, 1000);
  assert.equal(response.status, "failure");
  assert.match("error" in response && response.error?.message || "", /answered 503: busy/);
  assert.equal(collector.received.length, 1);
});

Deno.test("FetchTransport.send() ends at its deadline when the receiver hangs", async () => {
  await using collector = Collector.hanging();
  const response = await transportTo(collector.url).send(DATA, 50);
  assert.match("error" in response && response.error?.message || "", /no answer within 50 ms/);
});

Deno.test("FetchTransport.drain() cuts the wait between attempts short", async () => {
  const first = Promise.withResolvers<void>();
  await using collector = new Collector((number, received) => {
    first.resolve();
    if (number > 1) return accept(number, received);
    return new Response(null, { status: 503, headers: { "retry-after": "3600" } });
  });
  const transport = transportTo(collector.url);
  const sent = transport.send(DATA, 3_600_000);
  await first.promise;
  transport.drain();
  assert.equal((await sent).status, "success");
  assert.equal(collector.received.length, 2);
});

Deno.test("FetchTransport.drain() ends the attempts to reach a receiver that is gone", async () => {
  const transport = transportTo(`http://127.0.0.1:${freePort()}/`);
  const sent = transport.send(DATA, 3_600_000);
  transport.drain();
  const response = await sent;
  assert.match("error" in response && response.error?.message || "", /[Cc]onnection refused/);
});

Deno.test("FetchTransport.shutdown() gives up the export under way", async () => {
  await using collector = Collector.hanging();
  const transport = transportTo(collector.url);
  const sent = transport.send(DATA, 3_600_000);
  transport.shutdown();
  assert.match(
    "error" in await sent && (await sent as { error: Error }).error.message || "",
    /shut down/,
  );
});

Deno.test("FetchTransport.send() says in words why there is no connection", async () => {
  const response = await transportTo(`http://127.0.0.1:${freePort()}/`).send(DATA, 100);
  assert.match("error" in response && response.error?.message || "", /[Cc]onnection refused/);
});

Deno.test("FetchTransport.send() shows no secret of its address when it fails", async () => {
  const transport = transportTo(`http://127.0.0.1:${freePort()}/v1/traces?key=s3cret`);
  transport.drain();
  const response = await transport.send(DATA, TIMEOUT);
  assert.equal(response.status, "failure");
  assert.doesNotMatch(String(response.status === "failure" && response.error.message), /s3cret/);
});
