import type { SignalName } from "../config/endpoint.ts";
import type { ResolvedOtlp } from "../config/resolved.ts";
import { addressOf, examineConnection, speaksHttp2, speaksTls } from "./connection.ts";
import { problem, type Verdict } from "./finding.ts";
import { type Answer, type NoAnswer, probe } from "./probe.ts";

/** An export that failed. */
export interface FailedExport {
  readonly signal: SignalName;
  readonly otlp: ResolvedOtlp;
  /** What the exporter said. */
  readonly reason: string;
  /** What the receiver answers to an empty export. */
  readonly answer: Answer | NoAnswer;
}

const GRPC_ADVICE =
  "OTLP is sent by HTTP here: use the collector's OTLP/HTTP port, 4318 by default, instead of the gRPC port, 4317.";

/**
 * Says why an export failed and what to do about it, going from the network upwards.
 *
 * @param failed The export.
 * @param limitMillis The longest that one step may take.
 */
export async function diagnose(failed: FailedExport, limitMillis: number): Promise<Verdict> {
  const { otlp, answer } = failed;
  const broken = await examineConnection(otlp, limitMillis);
  if (broken !== undefined && "failure" in answer) return broken;
  return "failure" in answer
    ? await withoutAnswer(failed, answer.failure, limitMillis)
    : await withAnswer(failed, answer, limitMillis);
}

async function withoutAnswer(
  { otlp, reason }: FailedExport,
  failure: string,
  limitMillis: number,
): Promise<Verdict> {
  const address = addressOf(otlp.endpoint);
  const where = `${address.hostname}:${address.port}`;
  if (otlp.endpoint.startsWith("http:")) {
    if (await speaksHttp2(address, limitMillis)) {
      return problem(`${where} is a gRPC port: it speaks HTTP/2 alone.`, GRPC_ADVICE);
    }
    if (await speaksTls(address, limitMillis)) {
      return problem(`${where} speaks TLS.`, "Write https:// in the endpoint.");
    }
  }
  if (/no end within/.test(failure)) {
    return problem(
      `${where} takes the connection and does not answer within ${limitMillis} ms.`,
      "Look whether the receiver is overloaded, or whether something else listens there.",
    );
  }
  return problem(
    `${where} does not answer as an HTTP server does: ${reason}.`,
    "Look whether this is the collector's OTLP/HTTP port, 4318 by default.",
  );
}

async function withAnswer(
  failed: FailedExport,
  answer: Answer,
  limitMillis: number,
): Promise<Verdict> {
  const { signal, otlp, reason } = failed;
  const { status, type, location } = answer;
  const { pathname } = new URL(otlp.endpoint);
  if (answer.isGrpc) return problem("A gRPC server answers there.", GRPC_ADVICE);
  if (status >= 300 && status < 400) {
    return problem(
      `The receiver redirects to "${location ?? ""}"; telemetry follows no redirect.`,
      "Configure the address that it really has.",
    );
  }
  if (status === 401 || status === 403) {
    const given = "authorization" in otlp.headers || new URL(otlp.endpoint).username !== "";
    return problem(
      `The receiver answers ${status}: ${
        given ? "the credentials are refused" : "it wants credentials, and none are configured"
      }.`,
      "Give them by OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20….",
    );
  }
  if (status === 404 || status === 405 || type === "text/html") {
    const expected = `/v1/${signal}`;
    return problem(
      `An HTTP server answers ${status}${
        type === "" ? "" : ` (${type})`
      } there, and no OTLP receiver at "${pathname}".`,
      pathname.endsWith(expected)
        ? "Look at the endpoint's host, port and path: something else answers there."
        : `A signal's own endpoint is used as it stands: end it with ${expected}.`,
    );
  }
  if (status >= 400 && status < 500 && status !== 429) {
    const other = otlp.protocol === "http/json" ? "http/protobuf" : "http/json";
    const second = await probe(otlp, other, limitMillis);
    if (!("failure" in second) && second.status >= 200 && second.status < 300) {
      return problem(
        `The receiver refuses ${otlp.protocol} with ${status}, and takes ${other}.`,
        `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}.`,
      );
    }
    if (status === 415) {
      return problem(
        `The receiver refuses ${otlp.protocol} with 415, and ${other} too.`,
        "Look whether this is an OTLP receiver.",
      );
    }
  }
  if (status === 429 || status >= 500) {
    return problem(
      `The receiver is reached, and cannot take anything now: ${reason}.`,
      "Look at the receiver's own log.",
    );
  }
  return problem(`The export failed: ${reason}.`);
}
