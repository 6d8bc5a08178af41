import type { RequestCounts, Signal } from "../api/model.ts";
import { encodingOf, failureAnswer, successAnswer } from "./answer.ts";
import { BodyError, type BodyReader } from "./body.ts";
import { type DecodedRequest, decodeRequest, type Encoding } from "./request.ts";
import { WireError } from "./wire.ts";

/** The paths that telemetry is posted to. */
export const OTLP_PATHS: Readonly<Record<string, Signal>> = {
  "/v1/traces": "traces",
  "/v1/metrics": "metrics",
  "/v1/logs": "logs",
};

/** Where a receiver puts what it received. */
export interface Sink {
  /** Whether the sink wants the request as OTLP JSON too. */
  readonly wantsJson: boolean;
  /**
   * Takes a request.
   *
   * @returns How many of its points were refused because there are too many series.
   */
  take(request: DecodedRequest): Promise<number>;
}

const TOO_MANY_SERIES = "there are too many series already";

/** Answers export requests as OTLP over HTTP has it. */
export class Receiver {
  readonly #bodies: BodyReader;
  readonly #sink: Sink;
  #accepted = 0;
  #refused = 0;
  #refusedItems = 0;
  #lastProblem: string | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(bodies: BodyReader, sink: Sink) {
    this.#bodies = bodies;
    this.#sink = sink;
  }

  /** What became of the requests so far. */
  get counts(): RequestCounts {
    return {
      accepted: this.#accepted,
      refused: this.#refused,
      refusedItems: this.#refusedItems,
      ...(this.#lastProblem !== undefined && { lastProblem: this.#lastProblem }),
    };
  }

  /** Answers a POST to one of {@linkcode OTLP_PATHS}. */
  async handle(request: Request, signal: Signal): Promise<Response> {
    const encoding = encodingOf(request.headers.get("content-type"));
    try {
      if (encoding === undefined) {
        const type = request.headers.get("content-type") ?? "";
        throw new BodyError(
          415,
          `Content-Type is "${type}": expected "application/x-protobuf" or "application/json"`,
        );
      }
      return await this.#receive(request, signal, encoding);
    } catch (error) {
      if (!(error instanceof BodyError) && !(error instanceof WireError)) throw error;
      const status = error instanceof BodyError ? error.status : 400;
      this.#refused++;
      this.#lastProblem = error.message;
      // What was not read of the body would be waited for before the connection is used again.
      await request.body?.cancel().catch(() => {});
      return failureAnswer(encoding ?? "json", status, error.message);
    }
  }

  async #receive(request: Request, signal: Signal, encoding: Encoding): Promise<Response> {
    using body = await this.#bodies.read(request);
    const keepJson = this.#sink.wantsJson;
    const { decoded, dropped } = await this.#inTurn(async () => {
      const decoded = await decodeRequest(body.bytes, signal, { encoding, keepJson });
      return { decoded, dropped: await this.#sink.take(decoded) };
    });
    const refused = decoded.refused + dropped;
    const problem = decoded.problem ?? (dropped > 0 ? TOO_MANY_SERIES : undefined);
    this.#accepted++;
    this.#refusedItems += refused;
    this.#lastProblem = problem ?? this.#lastProblem;
    return successAnswer(encoding, signal, { refused, problem });
  }

  /** One request after the other: else many at once would keep everybody else waiting. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }
}
