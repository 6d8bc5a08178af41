import { Debugger } from "./debugger/debugger.ts";
import { Dispatcher, type ErrorHandler } from "./dispatcher.ts";
import type { DefaultState, FetchHandler, Handler, RequestInfo } from "./http/types.ts";
import { Routes } from "./routes.ts";
import { ListeningServer, type ListenOptions, type StopOptions } from "./server.ts";
import { isMeasured } from "./telemetry/active_meter.ts";
import { createLogger, type Logger } from "./telemetry/logger.ts";
import type { Metrics } from "./telemetry/metrics.ts";
import { FetchTracing, type TraceFetchOption } from "./telemetry/http_client_global.ts";
import { metricsHandler } from "./telemetry/metrics_endpoint.ts";
import { observeOpenRequests } from "./telemetry/metrics_gauges.ts";
import type { MetricsRegistryOptions } from "./telemetry/metrics_registry.ts";
import { createMetrics } from "./telemetry/otel_metrics_factory.ts";
import { Redaction, type RedactionOptions } from "./telemetry/redaction.ts";
import { observeRuntime } from "./telemetry/runtime_metrics.ts";

/** How an application is set up. */
export interface ApplicationOptions<State extends object = DefaultState> {
  /** Makes the state that each request starts with; an empty object unless told. */
  readonly state?: () => State;
  /** Whether errors are shown to the client with message and stack: `false` unless told. */
  readonly development?: boolean;
  /** The most bytes of a request body; 1 MiB unless told. */
  readonly bodyLimit?: number;
  /**
   * Whether `X-Forwarded-For`, `-Proto` and `-Host` are believed: `false` unless told. Only behind a
   * proxy that overwrites them.
   */
  readonly trustProxy?: boolean;
  /** Where failed requests are logged; a logger named `echelon` on standard output unless told. */
  readonly logger?: Logger;
  /** What hears of the application's doings; one of its own, with no listener, unless told. */
  readonly debugger?: Debugger;
  /** Whether middleware and handlers have spans of their own: `true` unless told. */
  readonly operationSpans?: boolean;
  /**
   * Whether the process's `fetch` is traced from `listen()` or `createHandler()` to `stop()`: `true`
   * unless told. Options say which requests are left alone.
   */
  readonly traceFetch?: TraceFetchOption;
  /**
   * What telemetry may tell of the requests that are served here and made from there; what is
   * usually a secret is told by none of them unless told.
   */
  readonly redact?: RedactionOptions;
}

const DEFAULT_BODY_LIMIT = 1024 * 1024;

/**
 * A web application: routes and middleware, and a server for them. Each request is one SERVER span
 * with its route, its status and its metrics, wherever an OpenTelemetry SDK is registered.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application } from "@echelon/framework";
 *
 * const app = new Application();
 * app.use(async (ctx, next) => {
 *   ctx.responseHeaders.set("x-powered-by", "tea");
 *   return await next();
 * });
 * app.get("/hello/:name", (ctx) => `Hello ${ctx.params.name}`);
 *
 * const response = await app.handle(new Request("http://localhost/hello/Ada"));
 * assert(await response.text() === "Hello Ada");
 * ```
 */
export class Application<State extends object = DefaultState> extends Routes<State, ""> {
  /** Tells listeners what the application does; idle while there is none. */
  readonly debugger: Debugger;
  /** The application's own metrics, beside the framework's; free until somebody reads them. */
  readonly metrics: Metrics = createMetrics();
  readonly #options: ApplicationOptions<State>;
  readonly #logger: Logger;
  readonly #redaction: Redaction | undefined;
  readonly #fetchTracing: FetchTracing;
  readonly #servers = new Set<ListeningServer>();
  #notFound: Handler<string, State> | undefined;
  #onError: ErrorHandler<State> | undefined;
  #dispatcher: Dispatcher<State> | undefined;
  #handler: FetchHandler | undefined;
  /** What ends the observing of this application, and the keeping of metrics for it. */
  readonly #ends: (() => void)[] = [];

  /**
   * @param options Every one may be left out.
   * @throws {TypeError} When `redact` or `traceFetch` says what cannot be followed.
   */
  constructor(options: ApplicationOptions<State> = {}) {
    super("");
    this.#options = options;
    this.debugger = options.debugger ?? new Debugger();
    this.#logger = options.logger ?? createLogger({ name: "echelon" });
    const { redact, traceFetch = true } = options;
    this.#redaction = redact === undefined
      ? undefined
      : new Redaction(redact, (problem) => this.#logger.warn(problem));
    this.#fetchTracing = new FetchTracing(traceFetch, this.#redaction);
  }

  /** Answers requests that no route matches; middleware stands around it. */
  notFound(handler: Handler<string, State>): this {
    this.assertOpen("a handler");
    this.#notFound = handler;
    return this;
  }

  /** Answers for what handlers and middleware throw. Returning nothing means the usual answer. */
  onError(handler: ErrorHandler<State>): this {
    this.assertOpen("a handler");
    this.#onError = handler;
    return this;
  }

  /**
   * Builds the application: every route's chain, once. Nothing may be added afterwards. From now
   * on the process's `fetch` is traced, unless `traceFetch` says otherwise.
   *
   * @returns What serves requests, as `Deno.serve` takes it; the same each time.
   * @throws {TypeError} When a route's pattern has no meaning or two routes are the same.
   */
  createHandler(): FetchHandler {
    const handler = this.#built();
    this.#fetchTracing.start();
    return handler;
  }

  #built(): FetchHandler {
    const dispatcher = this.#dispatcher ??= this.#build();
    this.#handler ??= (request, info = {}) => dispatcher.dispatch(request, info);
    return this.#handler;
  }

  /**
   * Serves metrics to Prometheus: those of the SDK where one that can be scraped is registered,
   * else those that the framework keeps itself from now on. `stop()` ends the keeping.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * import { Application } from "@echelon/framework";
   *
   * const app = new Application().exposeMetrics().get("/", () => "Hello");
   * app.metrics.counter("shop.orders").add(1);
   * await app.handle(new Request("http://localhost/"));
   *
   * const metrics = await (await app.handle(new Request("http://localhost/metrics"))).text();
   * assert.match(metrics, /^shop_orders_total 1$/m);
   * assert.match(metrics, /^http_server_request_duration_seconds_count\{.*http_route="\/".*\} 1$/m);
   * await app.stop();
   * ```
   *
   * @param path Where; anyone who reaches it can read them.
   * @param options Of what is kept; the first application of the process decides.
   */
  exposeMetrics(path = "/metrics", options: MetricsRegistryOptions = {}): this {
    const handler = metricsHandler(options);
    this.#ends.push(handler.release);
    return this.get(path, (ctx) => handler(ctx.request));
  }

  /** Serves one request without a network, as a test does. */
  async handle(request: Request, info: RequestInfo = {}): Promise<Response> {
    return await this.#built()(request, info);
  }

  /**
   * Serves requests from the network, until `stop()` or a signal.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * import { Application } from "@echelon/framework";
   *
   * const app = new Application().get("/", () => "Hello");
   * const server = app.listen({ port: 0 });
   * assert(await (await fetch(server.url)).text() === "Hello");
   * await app.stop();
   * ```
   *
   * @throws {Deno.errors.AddrInUse} When something else listens there.
   */
  listen(options: ListenOptions = {}): ListeningServer {
    const server = ListeningServer.start(this.#built(), options);
    this.#fetchTracing.start();
    this.#servers.add(server);
    if (isMeasured()) {
      const { host } = new URL(server.url);
      this.#ends.push(
        observeRuntime(),
        observeOpenRequests(host, () => this.#dispatcher?.openRequests ?? 0),
      );
    }
    return server;
  }

  /** Stops every server of this application: no new request, the running ones end, telemetry goes. */
  async stop(options: StopOptions = {}): Promise<void> {
    const servers = [...this.#servers];
    this.#servers.clear();
    await Promise.all(servers.map((server) => server.stop(options)));
    for (const end of this.#ends.splice(0)) end();
    this.#fetchTracing.stop();
  }

  #build(): Dispatcher<State> {
    const { state, development = false, bodyLimit = DEFAULT_BODY_LIMIT, trustProxy = false } =
      this.#options;
    return new Dispatcher<State>({
      routes: this.entries(),
      middleware: this.scopedMiddleware(),
      notFound: this.#notFound,
      onError: this.#onError,
      state: state ?? (() => ({}) as State),
      settings: { development, bodyLimit, trustProxy },
      logger: this.#logger,
      debugger: this.debugger,
      operationSpans: this.#options.operationSpans ?? true,
      redaction: this.#redaction,
    });
  }

  protected override assertOpen(what: string): void {
    if (this.#dispatcher === undefined) return;
    throw new Error(
      `Cannot add ${what}: the application is built already; add it before listen()`,
    );
  }
}
