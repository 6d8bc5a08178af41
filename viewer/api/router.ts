import { BodyError, type BodyReader } from "../otlp/body.ts";
import { JsonLines } from "../otlp/json_lines.ts";
import type { Sink } from "../otlp/receiver.ts";
import type { Store } from "../store/store.ts";
import { exportTrace } from "./export_trace.ts";
import { LiveHub } from "./live_hub.ts";
import { listLogs, oneLog } from "./log_list.ts";
import { listMetrics, metricData } from "./metric_data.ts";
import type { ApiError, StorageState } from "./model.ts";
import openapi from "./openapi.json" with { type: "json" };
import { pipelines } from "./pipelines.ts";
import { ApiProblem, Query } from "./query.ts";
import { serviceMap } from "./service_map.ts";
import { findTrace, spanPage, traceDetail } from "./trace_detail.ts";
import { listFacets, listTraces } from "./trace_list.ts";

/** What the API answers from. */
export interface ApiOptions {
  readonly store: Store;
  readonly sink: Sink;
  readonly bodies: BodyReader;
  readonly state: () => StorageState;
  /** Hears of an error that should not be. */
  readonly onError: (error: unknown) => void;
}

/** A request that was matched to its route. */
interface Call {
  readonly request: Request;
  readonly query: Query;
  /** What stands in the path's places, decoded. */
  readonly params: readonly string[];
}

interface Route {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly answer: (call: Call) => unknown;
}

/** The JSON API: `openapi.json` describes it. */
export class Api {
  readonly #options: ApiOptions;
  readonly #live: LiveHub;
  readonly #routes: readonly Route[];

  constructor(options: ApiOptions) {
    this.#options = options;
    const { store, state } = options;
    this.#live = new LiveHub(store, state);
    this.#routes = [
      get("state", () => state()),
      get("traces", ({ query }) => listTraces(store, query)),
      get("facets", () => listFacets(store)),
      get("traces/:", ({ params: [id = ""] }) => traceDetail(store, id)),
      get("traces/:/spans/:", ({ params: [id = "", span = ""] }) => spanPage(store, id, span)),
      get("traces/:/otlp", ({ params: [id = ""] }) => this.#export(id)),
      get("logs", ({ query }) => listLogs(store, query)),
      get("logs/:", ({ params: [id = ""] }) => oneLog(store, id)),
      get("metrics", ({ query }) => listMetrics(store, query)),
      get("metrics/:", ({ params: [id = ""], query }) => metricData(store, id, query)),
      get("resources/:", ({ params: [id = ""] }) => findResource(store, id)),
      get("service-map", ({ query }) => serviceMap(store, query)),
      get("pipeline", () => pipelines(store)),
      get("events", ({ query }) => this.#live.connect(query.text("signals"))),
      get("openapi.json", () => openapi),
      { method: "POST", path: /^\/api\/import$/, answer: ({ request }) => this.#import(request) },
    ];
  }

  /** Answers a request to a path below `/api/`. */
  async handle(request: Request): Promise<Response> {
    try {
      const answer = await this.#answer(request);
      answer.headers.set("cache-control", "no-store");
      return answer;
    } catch (error) {
      if (error instanceof ApiProblem || error instanceof BodyError) {
        await request.body?.cancel().catch(() => {});
        return problem(error.status, error.message);
      }
      this.#options.onError(error);
      return problem(500, "The viewer failed to answer");
    }
  }

  /** Ends the live events. */
  close(): void {
    this.#live.close();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const found = this.#routes.filter(({ path }) => path.test(pathname));
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = found.find((candidate) => candidate.method === method);
    if (route === undefined) {
      if (found.length === 0) throw new ApiProblem(404, `There is no "${pathname}"`);
      const allow = found.map((candidate) => candidate.method).join(", ");
      const answer = problem(405, `Method "${request.method}" is not for "${pathname}"`);
      answer.headers.set("allow", allow);
      return answer;
    }
    const params = (route.path.exec(pathname) ?? []).slice(1).map(decode);
    const answer = await route.answer({ request, query: new Query(searchParams), params });
    return answer instanceof Response ? answer : Response.json(answer);
  }

  #export(traceId: string): Response {
    const { store } = this.#options;
    const trace = findTrace(store, traceId);
    return new Response([...exportTrace(store, trace)].join(""), {
      headers: {
        "content-type": "application/x-ndjson",
        "content-disposition": `attachment; filename="trace-${trace.traceId}.otlp.jsonl"`,
      },
    });
  }

  async #import(request: Request): Promise<object> {
    const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (type !== "application/json" && type !== "application/x-ndjson") {
      throw new ApiProblem(415, `Content-Type is "${type}": expected "application/json"`);
    }
    using body = await this.#options.bodies.read(request);
    const lines = new JsonLines((decoded) => this.#options.sink.take(decoded));
    await lines.addText(new TextDecoder().decode(body.bytes));
    return lines.result;
  }
}

/** A route; each ":" in its path stands for one segment. */
function get(path: string, answer: Route["answer"]): Route {
  const pattern = path.replaceAll(".", "\\.").replaceAll(":", "([^/]+)");
  return { method: "GET", path: new RegExp(`^/api/${pattern}$`), answer };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiProblem(400, `"${segment}" in the path is not percent-encoded UTF-8`);
  }
}

function findResource(store: Store, id: string): object {
  const found = store.origins.find(id);
  if (found === undefined) throw new ApiProblem(404, `There is no resource "${id}"`);
  const { service, attributes } = found;
  return { id, service, attributes };
}

function problem(status: number, message: string): Response {
  return Response.json({ error: { status, message } } satisfies ApiError, { status });
}
