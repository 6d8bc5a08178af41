import assert from "node:assert/strict";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { Examination, Finding } from "../../../telemetry-sdk/doctor.ts";
import { type RunningProcess, startProcess } from "../../_process.ts";

const PROGRAM = new URL("../../../telemetry-sdk/doctor.ts", import.meta.url).pathname;
/** What the task gives, and nothing else. */
export const ALLOWED = [
  "--allow-net",
  "--allow-env=OTEL_*",
  "--allow-sys=hostname,osRelease",
  "--allow-read",
];

/** What the doctor is run with. */
export interface DoctorOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The permission flags; those of the task unless told. */
  readonly allow?: readonly string[];
}

/** Runs the doctor as a process, and reads what it found. */
export async function doctor({ args = [], ...options }: DoctorOptions = {}) {
  const process = await runDoctor({ ...options, args: ["--json", ...args] });
  assert.deepEqual(process.stderr, []);
  const examination: Examination = JSON.parse(process.stdout.join("\n"));
  assert.equal(process.code, examination.ok ? 0 : 1);
  return {
    ...examination,
    /** The findings of one check, each in one line. */
    of: (check: string) => examination.findings.filter((each) => each.check === check).map(oneLine),
    text: process.stdout.join("\n"),
  };
}

/** Runs the doctor as a process to its end. */
export async function runDoctor(
  { args = [], env = {}, allow = ALLOWED }: DoctorOptions = {},
): Promise<RunningProcess & { readonly code: number }> {
  const process = await startProcess({
    args: ["run", "--no-prompt", ...allow, PROGRAM, ...args],
    env,
    cwd: new URL(".", import.meta.url),
  });
  const { code } = await process.status;
  return Object.assign(process, { code });
}

/** The environment in which only traces are exported, to this endpoint. */
export function tracesTo(endpoint: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
}

function oneLine({ state, message, advice }: Finding): string {
  return `${state}: ${message}${advice === undefined ? "" : ` ${advice}`}`;
}

const TLS = new URL("../../_tls/", import.meta.url);

/** The path of one of the tests' PEM files. */
export function pemPath(name: string): string {
  return new URL(name, TLS).pathname;
}

function pem(name: string): string {
  return Deno.readTextFileSync(pemPath(name));
}

/** A server of Node's on a free port, until it is disposed of. */
export async function listening(server: Server) {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      await closed.promise;
    },
  };
}

/** A receiver that speaks TLS, and asks for the client's certificate where told. */
export function tlsReceiver(options: { readonly requestCert?: boolean } = {}) {
  const { requestCert = false } = options;
  const server = createHttpsServer({
    key: pem("server.key"),
    cert: pem("server.pem"),
    ca: pem("ca.pem"),
    requestCert,
    rejectUnauthorized: requestCert,
  }, (request, response) => {
    request.resume().on("end", () => response.writeHead(200).end());
  });
  server.on("tlsClientError", () => {});
  return listening(server);
}
