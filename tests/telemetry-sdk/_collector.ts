import { decodeTelemetry, encodingOf } from "../_otlp/body.ts";

/** One request that a {@linkcode Collector} received, inflated. */
export interface Received {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers a request; the number counts from 1. */
export type Answer = (number: number, received: Received) => Response | Promise<Response>;

/** A real OTLP/HTTP receiver on a free port that keeps what it gets. */
export class Collector implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #hanging = Promise.withResolvers<void>();

  /** @param answer How requests are answered; an empty 200 of the request's own media type by default. */
  constructor(answer: Answer = accept) {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      async (request) => {
        const encoded = await request.arrayBuffer();
        const received: Received = {
          path: new URL(request.url).pathname,
          headers: request.headers,
          body: request.headers.get("content-encoding") === "gzip"
            ? await gunzip(encoded)
            : new Uint8Array(encoded),
        };
        this.received.push(received);
        return await answer(this.received.length, received);
      },
    );
  }

  /** A receiver that takes requests and never answers them. */
  static hanging(): Collector {
    const collector: Collector = new Collector(async () => {
      await collector.#hanging.promise;
      return new Response();
    });
    return collector;
  }

  /** `host:port`. */
  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** The base endpoint. */
  get url(): string {
    return `http://${this.host}`;
  }

  /** The requests of one signal. */
  of(signal: "traces" | "metrics"): Received[] {
    return this.received.filter(({ path }) => path === `/v1/${signal}`);
  }

  /** The names of all spans received. */
  get spanNames(): string[] {
    return this.of("traces").flatMap(spanNames);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hanging.resolve();
    await this.#server.shutdown();
  }
}

function spanNames({ headers, body }: Received): string[] {
  const encoding = encodingOf(headers.get("content-type")) ?? "json";
  return decodeTelemetry(body, "traces", encoding).spans.map(({ name }) => name);
}

/** Takes the export. */
export function accept(_number: number, { headers }: Received): Response {
  const type = headers.get("content-type") ?? "";
  return new Response(type === "application/json" ? "{}" : null, {
    headers: { "content-type": type },
  });
}

async function gunzip(encoded: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([encoded]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
