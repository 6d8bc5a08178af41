import type { Access, AccessArea } from "./access.ts";
import type { Api } from "./api/router.ts";
import { OTLP_PATHS, type Receiver } from "./otlp/receiver.ts";
import type { PageFiles } from "./page_files.ts";

/** What a viewer answers with. */
export interface DispatcherOptions {
  readonly access: Access;
  readonly receiver: Receiver;
  readonly api: Api;
  readonly page: PageFiles;
}

/** Sends each request where it belongs, once it may go there. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  async handle(request: Request): Promise<Response> {
    const answer = await this.#answer(request);
    answer.headers.set("x-content-type-options", "nosniff");
    answer.headers.set("referrer-policy", "no-referrer");
    answer.headers.set("cross-origin-resource-policy", "same-origin");
    return answer;
  }

  async #answer(request: Request): Promise<Response> {
    const { access, api } = this.#options;
    const url = URL.parse(request.url);
    // The runtime puts the Host header into the address as it came, whatever it is.
    if (url === null) return failure(400, "The request's Host is not that of an address");
    const { pathname } = url;
    const area = areaOf(pathname);
    if (request.method === "OPTIONS") return access.preflight(request, area);
    const redirect = area === "page" ? await access.login(request) : undefined;
    const refusal = redirect ?? await access.refuse(request, area);
    if (refusal !== undefined) {
      await request.body?.cancel().catch(() => {});
      return refusal;
    }
    if (area === "otlp") return await this.#receive(request, pathname);
    return area === "api" ? await api.handle(request) : this.#servePage(request, pathname);
  }

  async #receive(request: Request, pathname: string): Promise<Response> {
    const signal = Object.hasOwn(OTLP_PATHS, pathname) ? OTLP_PATHS[pathname] : undefined;
    if (signal === undefined) return failure(404, `There is no "${pathname}"`);
    if (request.method !== "POST") return wrongMethod(request, "POST");
    const answer = await this.#options.receiver.handle(request, signal);
    this.#options.access.openTo(request, answer);
    return answer;
  }

  #servePage(request: Request, pathname: string): Response {
    const answer = this.#options.page.serve(request);
    if (answer === undefined) return failure(404, `There is no "${pathname}"`);
    const isRead = request.method === "GET" || request.method === "HEAD";
    return isRead ? answer : wrongMethod(request, "GET, HEAD");
  }
}

function areaOf(pathname: string): AccessArea {
  if (pathname.startsWith("/v1/")) return "otlp";
  return pathname === "/api" || pathname.startsWith("/api/") ? "api" : "page";
}

function wrongMethod(request: Request, allow: string): Response {
  const { pathname } = new URL(request.url);
  const answer = failure(405, `Method "${request.method}" is not for "${pathname}"`);
  answer.headers.set("allow", allow);
  return answer;
}

function failure(status: number, message: string): Response {
  return Response.json({ error: { status, message } }, { status });
}
