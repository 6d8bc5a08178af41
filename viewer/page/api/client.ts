import type { ApiError } from "../../api/model.ts";

/** An answer that is no success, or no answer at all. */
export class RequestFailure extends Error {
  override readonly name = "RequestFailure";
  /** The status of the answer; 0 when the viewer did not answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** What a query may hold; what is empty is left away. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** An address of the API, such as `/api/traces?limit=50`. */
export function apiUrl(path: readonly string[], query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === "object" ? value : [value]) {
      if (one !== undefined && one !== "") params.append(name, String(one));
    }
  }
  const search = params.toString();
  return `/api/${path.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}

/**
 * Asks the viewer.
 *
 * @param url An address of the API.
 * @param init As of `fetch`.
 * @throws {RequestFailure} When it refuses or does not answer.
 */
export async function request<T>(url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new RequestFailure(0, "The viewer does not answer", { cause });
  }
  if (!response.ok) throw new RequestFailure(response.status, await reasonOf(response));
  try {
    // The API's types are the contract with the server, which is always of the same version.
    return await response.json() as T;
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new RequestFailure(0, "The viewer's answer broke off", { cause });
  }
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error } = await response.json() as ApiError;
    return error.message;
  } catch {
    return `The viewer answered with status ${response.status}`;
  }
}
