import {
  ROOT_CONTEXT,
  SpanKind,
  type TextMapGetter,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

/** A header as it goes over the wire. */
export type HeaderLine = readonly [name: string, value: string];

/** The headers with which the service calls on. */
export type Outgoing = Readonly<Record<string, string>>;

const getter: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, key) => headers.get(key) ?? undefined,
};

/** A service that is traced: it reads the caller's headers, and says with which ones it would call others. */
export interface TracedService extends AsyncDisposable {
  /**
   * Sends a request whose header lines arrive as they are: in their case, with their blanks, and as often as
   * they are given. `fetch` would tidy them up.
   *
   * @param lines The headers.
   * @param calls How many others the service calls.
   */
  send(lines: readonly HeaderLine[], calls?: number): Promise<readonly Outgoing[]>;
}

/** Starts the service on a free port. */
export function startTracedService(propagator: TextMapPropagator): TracedService {
  const tracer = new BasicTracerProvider().getTracer("service");
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const caller = propagator.extract(ROOT_CONTEXT, request.headers, getter);
    const span = tracer.startSpan("serve", { kind: SpanKind.SERVER }, caller);
    const here = trace.setSpan(caller, span);
    const calls = Number(new URL(request.url).searchParams.get("calls"));
    const outgoing = Array.from({ length: calls }, () => {
      const client = tracer.startSpan("call", { kind: SpanKind.CLIENT }, here);
      const headers: Record<string, string> = {};
      propagator.inject(trace.setSpan(here, client), headers, {
        set: (carrier, key, value) => carrier[key] = value,
      });
      return headers;
    });
    return Response.json(outgoing);
  });
  return {
    send: async (lines, calls = 1) => {
      const { hostname, port } = server.addr;
      using connection = await Deno.connect({ hostname, port });
      const head = [
        `GET /?calls=${calls} HTTP/1.1`,
        "Host: service",
        "Connection: close",
        ...lines.map(([name, value]) => `${name}: ${value}`),
        "",
        "",
      ].join("\r\n");
      await connection.write(new TextEncoder().encode(head));
      const answer = await readAll(connection);
      return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Reads to the end; the stream of a connection would close it once more when it is disposed of. */
async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) return text;
    text += decoder.decode(buffer.subarray(0, length), { stream: true });
  }
}
