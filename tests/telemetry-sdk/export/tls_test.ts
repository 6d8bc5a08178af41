import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { loadCertificates } from "../../../telemetry-sdk/config/certificates.ts";
import { configFromCode } from "../../../telemetry-sdk/config/from_code.ts";
import { resolveConfig } from "../../../telemetry-sdk/config/resolve.ts";
import { FetchTransport, type TlsOptions } from "../../../telemetry-sdk/export/fetch_transport.ts";

const TLS = new URL("../../_tls/", import.meta.url);
const pem = (name: string) => Deno.readTextFileSync(new URL(name, TLS));

/** A receiver that speaks TLS, and asks for the client's certificate where told. */
async function receiver(requestCert: boolean) {
  const clients: string[] = [];
  const server = createServer({
    key: pem("server.key"),
    cert: pem("server.pem"),
    ca: pem("ca.pem"),
    requestCert,
    rejectUnauthorized: requestCert,
  }, (request, response) => {
    clients.push(request.method ?? "");
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/v1/traces`,
    clients,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

async function send(url: string, tls: TlsOptions) {
  const transport = new FetchTransport({
    url,
    headers: {},
    contentType: "application/json",
    compression: "none",
    userAgent: "test/1",
    tls,
  });
  transport.drain();
  try {
    return await transport.send(new TextEncoder().encode("{}"), 10_000);
  } finally {
    transport.shutdown();
  }
}

Deno.test("FetchTransport trusts the authority that it is given, and no other", async () => {
  await using server = await receiver(false);
  const trusted = await send(server.url, { certificate: pem("ca.pem") });
  assert.equal(trusted.status, "success", JSON.stringify(trusted));
  const stranger = await send(server.url, {});
  assert.equal(stranger.status, "failure");
  assert.equal(server.clients.length, 1);
});

Deno.test("FetchTransport shows the client's certificate", async () => {
  await using server = await receiver(true);
  const known = await send(server.url, {
    certificate: pem("ca.pem"),
    clientCertificate: pem("client.pem"),
    clientKey: pem("client.key"),
  });
  assert.equal(known.status, "success", JSON.stringify(known));
  const unknown = await send(server.url, { certificate: pem("ca.pem") });
  assert.equal(unknown.status, "failure");
  assert.equal(server.clients.length, 1);
});

Deno.test("FetchTransport fails each export with the reason where certificates are of no use", async () => {
  const broken = await send("https://localhost:1/", { clientKey: pem("client.key") });
  assert.equal(broken.status, "failure");
  assert.match(String(broken.status === "failure" && broken.error.message), /together/);
});

Deno.test("loadCertificates() reads PEM files, and says which it cannot read", () => {
  const path = new URL("ca.pem", TLS).pathname;
  const { config } = resolveConfig([{
    name: "code",
    ...configFromCode({
      otlp: { certificate: path, clientKey: "missing.key" },
      traces: { otlp: { clientKey: pem("client.key") } },
    }),
  }]);
  const loaded = loadCertificates(config);
  assert.equal(loaded.config.traces.destinations[0]?.otlp.certificate, pem("ca.pem"));
  assert.equal(loaded.config.traces.destinations[0]?.otlp.clientKey, pem("client.key"));
  assert.equal(loaded.config.logs.destinations[0]?.otlp.clientKey, undefined);
  assert.equal(loaded.warnings.length, 1);
  assert.match(loaded.warnings[0] ?? "", /^the clientKey "missing.key" cannot be read: /);
});

Deno.test({
  name: "loadCertificates() asks for no permission that it does not have",
  permissions: "none",
  fn() {
    const { config } = resolveConfig([{
      name: "code",
      ...configFromCode({ otlp: { certificate: "ca.pem" } }),
    }]);
    assert.deepEqual(loadCertificates(config).warnings, [
      'no permission to read the certificate "ca.pem" (--allow-read=ca.pem)',
    ]);
  },
});
