/** The arguments of `fetch`, as they come. */
export type FetchArguments = Parameters<typeof globalThis.fetch>;

/** A request as a caller of `fetch` described it. */
export interface OutgoingCall {
  readonly url: URL;
  readonly method: string;
  /** A copy: what is added here reaches the wire, and not the caller's own headers. */
  readonly headers: Headers;
  /** The caller's, where there is one. */
  readonly signal: AbortSignal | undefined;
  /** The arguments that send it, with `headers` as they are by then. */
  readonly send: FetchArguments;
}

// As they were when this was loaded, which is what the runtime's `fetch` knows too.
const { Request: RuntimeRequest, Headers: RuntimeHeaders } = globalThis;

/**
 * The same request in arguments whose parts may be read twice, and copied. Options that are no plain
 * object, such as another `Request`, are read by the runtime, as they would have been anyway.
 *
 * @throws What `fetch` would have rejected with.
 */
export function plainArguments(args: FetchArguments): FetchArguments {
  const [input, init] = args;
  return isPlainInit(init) ? args : [new RuntimeRequest(input, init)];
}

/**
 * Reads what a call of `fetch` is about, and changes nothing.
 *
 * @param args Plain ones.
 * @returns The call, or `undefined` where it is no HTTP request, or none that can be sent: `fetch`
 *   itself says best what is wrong with it.
 */
export function readCall([input, init]: FetchArguments): OutgoingCall | undefined {
  try {
    const request = input instanceof RuntimeRequest ? input : undefined;
    // Told as text, since asking an object for its text twice may give two.
    const target = request ?? `${input}`;
    const url = URL.parse(request?.url ?? `${target}`, globalThis.location?.href);
    if (url === null || url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    const own: RequestInit = { ...init };
    const headers = new RuntimeHeaders(own.headers ?? request?.headers);
    const signal = own.signal === undefined ? request?.signal : own.signal;
    return {
      url,
      method: own.method === undefined ? request?.method ?? "GET" : sentMethod(own.method),
      headers,
      signal: signal ?? undefined,
      send: [target, { ...own, headers }],
    };
  } catch {
    return undefined;
  }
}

/** A method as it is sent: the Fetch standard puts these, and no others, into capitals. */
function sentMethod(method: string): string {
  const capital = method.toUpperCase();
  return /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/.test(capital) ? capital : method;
}

function isPlainInit(init: RequestInit | undefined): boolean {
  if (init === undefined || init === null) return true;
  if (!isPlainObject(init)) return false;
  const { method, headers } = init;
  return (method === undefined || typeof method === "string") &&
    (headers === undefined || headers instanceof RuntimeHeaders || Array.isArray(headers) ||
      isPlainObject(headers));
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
