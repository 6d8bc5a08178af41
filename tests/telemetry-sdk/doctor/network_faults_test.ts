import assert from "node:assert/strict";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import { examine } from "../../../telemetry-sdk/doctor.ts";
import { doctor, listening, pemPath, tlsReceiver, tracesTo } from "./_doctor.ts";

/** What the doctor says of the traces that are sent to an endpoint. */
async function tracesFindings(
  endpoint: string,
  options: { env?: Record<string, string>; args?: string[] } = {},
) {
  const env = { ...tracesTo(endpoint), ...options.env };
  return (await doctor({ ...options, env })).of("traces").join("\n");
}

Deno.test("The doctor says that nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const where = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  assert.match(
    await tracesFindings(`http://${where}`),
    new RegExp(`^problem: Nothing listens at ${where}\\. Start the collector, `),
  );
});

Deno.test("The doctor says that a name cannot be resolved", async () => {
  assert.match(
    await tracesFindings("http://collector.invalid:4318"),
    /^problem: The name "collector\.invalid" cannot be resolved\. /,
  );
});

Deno.test("The doctor says that a certificate is not trusted, and is content when it is", async () => {
  await using server = await tlsReceiver();
  const endpoint = `https://localhost:${server.port}`;
  assert.match(
    await tracesFindings(endpoint),
    /^problem: The certificate of localhost:\d+ is signed by an authority that is not trusted\. .*OTEL_EXPORTER_OTLP_CERTIFICATE/,
  );
  assert.match(
    await tracesFindings(endpoint, { env: { OTEL_EXPORTER_OTLP_CERTIFICATE: pemPath("ca.pem") } }),
    /^ok: https:\/\/localhost:\d+\/v1\/traces took one span\.$/,
  );
  assert.match(
    await tracesFindings(endpoint, { env: { DENO_CERT: pemPath("ca.pem") } }),
    /^ok: /,
  );
});

Deno.test("The doctor says that a client's certificate is wanted", async () => {
  await using server = await tlsReceiver({ requestCert: true });
  const endpoint = `https://localhost:${server.port}`;
  const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: pemPath("ca.pem") };
  assert.match(
    await tracesFindings(endpoint, { env }),
    /^problem: localhost:\d+ asks for a client's certificate, .*OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE/,
  );
  assert.match(
    await tracesFindings(endpoint, {
      env: {
        ...env,
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pemPath("client.pem"),
        OTEL_EXPORTER_OTLP_CLIENT_KEY: pemPath("client.key"),
      },
    }),
    /^ok: /,
  );
});

Deno.test("The doctor says when https:// is written for http:// and the other way round", async () => {
  await using server = await tlsReceiver();
  assert.match(
    await tracesFindings(`http://localhost:${server.port}`),
    /^problem: localhost:\d+ speaks TLS\. Write https:/,
  );
  await using plain = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(),
  );
  assert.match(
    await tracesFindings(`https://127.0.0.1:${plain.addr.port}`),
    /^problem: 127\.0\.0\.1:\d+ does not speak TLS\. Write http:/,
  );
});

Deno.test("The doctor recognises a gRPC port", async () => {
  await using server = await listening(createHttp2Server());
  assert.match(
    await tracesFindings(`http://127.0.0.1:${server.port}`),
    /^problem: 127\.0\.0\.1:\d+ is a gRPC port: it speaks HTTP\/2 alone\. .* 4318 by default, /,
  );
});

Deno.test("The doctor recognises a gRPC server that answers", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(null, { status: 415, headers: { "content-type": "application/grpc" } }),
  );
  assert.match(
    await tracesFindings(`http://127.0.0.1:${server.addr.port}`),
    /^problem: A gRPC server answers there\. /,
  );
});

Deno.test("The doctor says that what answers is no HTTP server", async () => {
  const server = createTcpServer((socket) => socket.on("data", () => socket.end("SSH-2.0-x\r\n")));
  await using tcp = await listening(server);
  assert.match(
    await tracesFindings(`http://127.0.0.1:${tcp.port}`),
    /^problem: 127\.0\.0\.1:\d+ does not answer as an HTTP server does: /,
  );
});

Deno.test("The doctor says that no answer comes, and waits no longer than it is told", async () => {
  await using tcp = await listening(createTcpServer((socket) => socket.resume()));
  assert.match(
    await tracesFindings(`http://127.0.0.1:${tcp.port}`, { args: ["--timeout", "1000"] }),
    /^problem: 127\.0\.0\.1:\d+ takes the connection and does not answer within 1000 ms\. /,
  );
});

Deno.test("examine() leaves nothing behind when a TLS handshake hangs", async () => {
  await using tcp = await listening(createTcpServer((socket) => socket.resume()));
  const { findings } = await examine({
    limitMillis: 200,
    config: {
      otlp: { endpoint: `https://127.0.0.1:${tcp.port}` },
      metrics: { exporters: [] },
      logs: { exporters: [] },
    },
  });
  assert.match(
    findings.find(({ check }) => check === "traces")?.message ?? "",
    /takes the connection and does not answer/,
  );
});
