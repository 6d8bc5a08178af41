import { isDeepStrictEqual } from "node:util";
import type { Telemetry } from "./_otlp/body.ts";
import type { Attributes } from "./_otlp/common.ts";
import type { ReceivedLog } from "./_otlp/logs.ts";
import type { ReceivedMetric } from "./_otlp/metrics.ts";
import {
  type OpenRequest,
  protocolAnswer,
  readRequest,
  type ReceivedRequest,
} from "./_otlp/request.ts";
import type { ReceivedSpan } from "./_otlp/spans.ts";
import { Waiters } from "./_waiters.ts";

export type { Attributes, ReceivedLog, ReceivedMetric, ReceivedRequest, ReceivedSpan };
export { type SpanTree, spanTree } from "./_otlp/span_tree.ts";

/** How the receiver misbehaves. Without options it accepts every request at once. */
export interface ReceiverOptions {
  /** How long each answer is held back. */
  readonly delayMillis?: number;
  /** The status of each answer to a request that was decoded. */
  readonly status?: number;
  /**
   * Answers in the receiver's place, after the delay. Undefined leaves the answer to the receiver;
   * a promise that never settles is a receiver that hangs.
   */
  readonly respond?: (
    request: ReceivedRequest,
  ) => Response | undefined | Promise<Response | undefined>;
}

/** A running receiver; disposing of it closes it, with the requests that it still holds. */
export interface OtlpReceiver extends AsyncDisposable {
  /** The base address, as `OTEL_EXPORTER_OTLP_ENDPOINT` wants it: without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Every export request, also a refused one, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** The spans of every request that was accepted (answered with a 2xx). */
  spans(): ReceivedSpan[];
  /** The metrics of every request that was accepted, one for each time it was exported. */
  metrics(): ReceivedMetric[];
  /** The log records of every request that was accepted. */
  logs(): ReceivedLog[];
  /**
   * The one resource that all accepted telemetry comes from.
   *
   * @throws {Error} When nothing was accepted, or it came from resources that differ.
   */
  resource(): Attributes;
  /**
   * Waits until the predicate holds. It is asked now, and when a request arrives or is answered.
   *
   * @param options `timeoutMillis` is 10 s unless given.
   * @throws {Error} At the timeout, with a summary of what did arrive.
   */
  waitFor(
    predicate: (receiver: OtlpReceiver) => boolean,
    options?: { readonly timeoutMillis?: number },
  ): Promise<void>;
}

/**
 * Starts an OTLP/HTTP receiver on a free port of 127.0.0.1. It takes JSON and protobuf, plain and
 * gzipped, and gives both as the same plain objects.
 *
 * ```ts
 * await using receiver = startReceiver();
 * // … export to receiver.url …
 * await receiver.waitFor((r) => r.spans().length === 3);
 * ```
 */
export function startReceiver(options: ReceiverOptions = {}): OtlpReceiver {
  return new HttpReceiver(options);
}

class HttpReceiver implements OtlpReceiver {
  readonly requests: OpenRequest[] = [];
  readonly #options: ReceiverOptions;
  readonly #closing = new AbortController();
  readonly #waiters = new Waiters();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#closing.signal,
      onListen() {},
    }, (request) => this.#handle(request));
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  spans(): ReceivedSpan[] {
    return this.#accepted().flatMap(({ spans }) => spans);
  }

  metrics(): ReceivedMetric[] {
    return this.#accepted().flatMap(({ metrics }) => metrics);
  }

  logs(): ReceivedLog[] {
    return this.#accepted().flatMap(({ logs }) => logs);
  }

  resource(): Attributes {
    const [first, ...others] = [
      ...this.spans(),
      ...this.metrics(),
      ...this.logs(),
    ]
      .map(({ resource }) => resource);
    if (first === undefined) throw new Error("No telemetry was accepted yet");
    const other = others.find((resource) => !isDeepStrictEqual(resource, first));
    if (other !== undefined) {
      throw new Error(
        `Telemetry came from ${Deno.inspect(first)} and from ${Deno.inspect(other)}`,
      );
    }
    return first;
  }

  async waitFor(
    predicate: (receiver: OtlpReceiver) => boolean,
    options: { readonly timeoutMillis?: number } = {},
  ): Promise<void> {
    await this.#waiters.until(() => predicate(this) || undefined, {
      timeoutMillis: options.timeoutMillis,
      describe: () => this.#summary(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Aborting, unlike `shutdown()`, does not wait for answers that are still held back.
    this.#closing.abort();
    await this.#server.finished;
    this.#waiters.failAll(
      new Error(`The receiver was closed: ${this.#summary()}`),
    );
  }

  #accepted(): Telemetry[] {
    return this.requests
      .filter(({ status }) => status !== undefined && status >= 200 && status < 300)
      .map(({ telemetry }) => telemetry);
  }

  #summary(): string {
    const requests = this.requests.map(({ signal, status, problem }) =>
      `${signal} ${status ?? "unanswered"}${problem === undefined ? "" : ` (${problem})`}`
    );
    return `requests: ${requests.join(", ") || "none"}; ` +
      `spans: ${this.spans().map(({ name }) => name).join(", ") || "none"}; ` +
      `metrics: ${this.metrics().map(({ name }) => name).join(", ") || "none"}; ` +
      `logs: ${this.logs().length}`;
  }

  async #handle(request: Request): Promise<Response> {
    const received = await readRequest(request);
    if (received instanceof Response) return received;
    this.requests.push(received);
    this.#waiters.notify();
    const answer = await this.#answer(received);
    received.status = answer.status;
    this.#waiters.notify();
    return answer;
  }

  async #answer(request: ReceivedRequest): Promise<Response> {
    const { delayMillis, respond, status = 200 } = this.#options;
    if (delayMillis !== undefined) await this.#delay(delayMillis);
    const answer = await respond?.(request);
    if (answer !== undefined) return answer;
    if (request.problem !== undefined) {
      return protocolAnswer(request.encoding, 400, request.problem);
    }
    return protocolAnswer(
      request.encoding,
      status,
      status < 300 ? undefined : "As the test asked",
    );
  }

  /** Never ends when the receiver is closed meanwhile: a closed receiver answers nobody. */
  #delay(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#closing.signal.addEventListener("abort", () => clearTimeout(timer));
    });
  }
}
