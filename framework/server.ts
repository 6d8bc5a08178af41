import { problemResponse } from "./http/problem.ts";
import type { FetchHandler } from "./http/types.ts";
import { drainOnSignals, processLifecycle } from "./lifecycle.ts";

/** Where and how an application listens. */
export interface ListenOptions {
  /** The port; 8000 unless told, 0 for any that is free. */
  readonly port?: number;
  /** The address; `127.0.0.1` unless told, `0.0.0.0` for every one. */
  readonly hostname?: string;
  /** A certificate chain in PEM, for HTTPS; with `key`. */
  readonly cert?: string;
  /** The certificate's private key in PEM. */
  readonly key?: string;
  /** Whether SIGINT and SIGTERM end the process in good order: `true` unless told. */
  readonly handleSignals?: boolean;
}

/** How an application stops. */
export interface StopOptions {
  /**
   * How long running requests may take to end, in milliseconds; 10,000 unless told. What takes
   * longer is waited for no more; the end of the process cuts it.
   */
  readonly timeoutMillis?: number;
}

/** An application that listens. */
export class ListeningServer {
  /** Where it answers, such as `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** Settles when it has stopped. */
  readonly finished: Promise<void>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #release: () => void;
  #stopping: Promise<void> | undefined;

  private constructor(server: Deno.HttpServer<Deno.NetAddr>, options: ListenOptions) {
    this.#server = server;
    const { hostname, port } = server.addr;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    this.url = `${options.cert === undefined ? "http" : "https"}://${host}:${port}/`;
    const drain = (deadline: AbortSignal) => this.#drain(deadline);
    processLifecycle().drains.add(drain);
    const releaseSignals = options.handleSignals === false ? () => {} : drainOnSignals();
    this.#release = () => {
      processLifecycle().drains.delete(drain);
      releaseSignals();
    };
    this.finished = server.finished.finally(this.#release);
  }

  /**
   * Begins to listen.
   *
   * @throws {Deno.errors.AddrInUse} When something else listens there.
   */
  static start(handler: FetchHandler, options: ListenOptions): ListeningServer {
    const { port = 8000, hostname = "127.0.0.1", cert, key } = options;
    if ((cert === undefined) !== (key === undefined)) {
      throw new TypeError(
        'Cannot listen: "cert" and "key" go together, and one of them is missing',
      );
    }
    const tls = cert === undefined || key === undefined ? {} : { cert, key };
    try {
      const server = Deno.serve({
        port,
        hostname,
        ...tls,
        onListen: () => {},
        onError: (error) => problemResponse(error, { development: false }),
      }, handler);
      return new ListeningServer(server, options);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
      throw new Deno.errors.AddrInUse(
        `Cannot listen on ${hostname}:${port}: another process does; stop it or choose another port`,
        { cause },
      );
    }
  }

  /** Stops: accepts nothing more, lets running requests end, flushes telemetry. */
  async stop(options: StopOptions = {}): Promise<void> {
    const timeout = new AbortController();
    const timer = setTimeout(
      () => timeout.abort(),
      options.timeoutMillis ?? 10_000,
    );
    try {
      await this.#drain(timeout.signal);
    } finally {
      clearTimeout(timer);
    }
    await processLifecycle().telemetry?.forceFlush();
  }

  async #drain(deadline: AbortSignal): Promise<void> {
    const { promise: expired, resolve: expire } = Promise.withResolvers<void>();
    deadline.addEventListener("abort", () => expire(), { once: true });
    if (deadline.aborted) expire();
    this.#stopping ??= this.#server.shutdown();
    await Promise.race([this.#stopping, expired]);
    this.#release();
  }
}
