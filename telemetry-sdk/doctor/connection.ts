import type { ResolvedOtlp } from "../config/resolved.ts";
import { problem, type Verdict } from "./finding.ts";
import { rootMessage, TimeLimitError, withinTime } from "./time_limit.ts";

/** Where a destination is. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** The host and port of an endpoint. */
export function addressOf(endpoint: string): Address {
  const { hostname, port, protocol } = new URL(endpoint);
  return {
    // The URL has an IPv6 address in brackets, a connection without.
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port) || (protocol === "https:" ? 443 : 80),
  };
}

/**
 * Finds out why a receiver cannot be reached: its name, its port, its certificate.
 *
 * @returns Nothing where a connection is made.
 */
export async function examineConnection(
  otlp: ResolvedOtlp,
  limitMillis: number,
): Promise<Verdict | undefined> {
  const address = addressOf(otlp.endpoint);
  const unreachable = await examineTcp(address, limitMillis);
  if (unreachable !== undefined || !otlp.endpoint.startsWith("https:")) return unreachable;
  return examineTls(address, otlp, limitMillis);
}

async function examineTcp(address: Address, limitMillis: number): Promise<Verdict | undefined> {
  const { hostname, port } = address;
  const where = `${hostname}:${port}`;
  try {
    (await withinTime(limitMillis, (signal) => Deno.connect({ ...address, signal }))).close();
    return undefined;
  } catch (error) {
    const message = rootMessage(error);
    if (error instanceof TimeLimitError) {
      return problem(
        `No connection to ${where} within ${limitMillis} ms.`,
        "Look for a firewall, and whether the address is right.",
      );
    }
    if (/failed to lookup address/.test(message)) {
      return problem(`The name "${hostname}" cannot be resolved.`, "Correct the endpoint's host.");
    }
    if (error instanceof Deno.errors.ConnectionRefused) {
      return problem(
        `Nothing listens at ${where}.`,
        "Start the collector, or set OTEL_EXPORTER_OTLP_ENDPOINT to where it listens; its OTLP/HTTP port is 4318 by default.",
      );
    }
    return problem(`No connection to ${where}: ${message}.`);
  }
}

async function examineTls(
  address: Address,
  otlp: ResolvedOtlp,
  limitMillis: number,
): Promise<Verdict | undefined> {
  try {
    await withinTime(limitMillis, (signal) => shakeHands(address, otlp, signal));
    return undefined;
  } catch (error) {
    return tlsVerdict(`${address.hostname}:${address.port}`, rootMessage(error));
  }
}

/** A certificate that the server wants of the client is asked for only when something is sent. */
async function shakeHands(
  address: Address,
  otlp: ResolvedOtlp,
  signal: AbortSignal,
): Promise<void> {
  const { certificate, clientKey, clientCertificate } = otlp;
  using connection = await Deno.connectTls({
    ...address,
    ...(certificate !== undefined && { caCerts: [certificate] }),
    ...(clientKey !== undefined && clientCertificate !== undefined &&
      { key: clientKey, cert: clientCertificate }),
  });
  signal.addEventListener("abort", () => connection.close());
  await connection.handshake();
  const { hostname } = address;
  await connection.write(
    new TextEncoder().encode(`HEAD / HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`),
  );
  await connection.read(new Uint8Array(1));
}

function tlsVerdict(where: string, message: string): Verdict | undefined {
  if (/CaUsedAsEndEntity/.test(message)) {
    return problem(
      `${where} shows the certificate of an authority as its own.`,
      "Have the server show a certificate that the authority has signed.",
    );
  }
  if (/UnknownIssuer/.test(message)) {
    return problem(
      `The certificate of ${where} is signed by an authority that is not trusted.`,
      "Give the authority's PEM file by OTEL_EXPORTER_OTLP_CERTIFICATE, or to the whole process by DENO_CERT.",
    );
  }
  if (/NotValidForName/.test(message)) {
    return problem(
      `The certificate of ${where} is for another name.`,
      "Use the host that the certificate names.",
    );
  }
  if (/Expired|NotValidYet/.test(message)) {
    return problem(
      `The certificate of ${where} is not valid today: ${message}.`,
      "Renew the certificate; look also at this machine's clock.",
    );
  }
  if (/CertificateRequired|CertificateUnknown|BadCertificate|HandshakeFailure/.test(message)) {
    return problem(
      `${where} asks for a client's certificate, and refuses the one it gets or misses: ${message}.`,
      "Give OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY.",
    );
  }
  if (/InvalidContentType|corrupt message/.test(message)) {
    return problem(`${where} does not speak TLS.`, "Write http:// in the endpoint.");
  }
  if (/pem file|certificate store/i.test(message)) {
    return problem(
      `The certificates that are configured cannot be used: ${message}.`,
      "Look at the PEM files of OTEL_EXPORTER_OTLP_CERTIFICATE and its like.",
    );
  }
  // What else may happen here happens again in the request, and is told there.
  return undefined;
}

/** What HTTP/2 begins with (RFC 9113, section 3.4), and an empty SETTINGS frame. */
const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
const FRAME_HEADER_BYTES = 9;
const SETTINGS_FRAME = 4;

/** Whether a port without TLS speaks HTTP/2. One that does and refuses HTTP/1.1 is a gRPC port. */
export async function speaksHttp2(address: Address, limitMillis: number): Promise<boolean> {
  try {
    return await withinTime(limitMillis, async (signal) => {
      using connection = await Deno.connect({ ...address, signal });
      await connection.write(PREFACE);
      const header = new Uint8Array(FRAME_HEADER_BYTES);
      for (let read = 0; read < header.length;) {
        const count = await connection.read(header.subarray(read));
        if (count === null) return false;
        read += count;
      }
      return header[3] === SETTINGS_FRAME && header[0] === 0;
    });
  } catch {
    return false;
  }
}

/** Whether a port speaks TLS, whoever signed its certificate. */
export async function speaksTls(address: Address, limitMillis: number): Promise<boolean> {
  try {
    await withinTime(limitMillis, async (signal) => {
      using connection = await Deno.connectTls(address);
      signal.addEventListener("abort", () => connection.close());
      await connection.handshake();
    });
    return true;
  } catch (error) {
    return /invalid peer certificate|fatal alert/.test(rootMessage(error));
  }
}
