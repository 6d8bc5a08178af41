/** Where the page is: a view, what of it, and how it is filtered. All of it stands in the hash. */
export interface Route {
  /** The view, such as `traces`. */
  readonly view: string;
  /** What of the view is shown, such as a trace's id. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

/** Reads a hash such as `#/trace/0af7…?span=b7ad…`; anything unknown is the list of traces. */
export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", id] = path.split("/", 2);
  return {
    view: decode(view) || "traces",
    id: id === undefined || id === "" ? undefined : decode(id),
    query: new URLSearchParams(search),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What a link's query may hold; empty values are left away. */
export type QueryValues = Readonly<
  Record<string, string | number | readonly string[] | undefined>
>;

/**
 * The hash of a route, for a link.
 *
 * @param path The view, or the view and what of it, such as `["trace", id]`.
 * @param query What goes behind the `?`.
 */
export function href(path: string | readonly string[], query: QueryValues = {}): string {
  const parts = typeof path === "string" ? [path] : path;
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === "object" ? value : [value];
    for (const one of values) {
      if (one !== undefined && one !== "") params.append(name, String(one));
    }
  }
  const search = params.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}
