import { type ReadonlySignal, signal } from "@preact/signals";
import { parseRoute, type QueryValues, type Route } from "./address.ts";

const current = signal<Route>(parseRoute(""));

/** The present route. */
export const route: ReadonlySignal<Route> = current;

/** Goes somewhere, as a click on a link would. */
export function navigate(hash: string): void {
  location.hash = hash;
}

/** Changes the query of the present route without a step in the history. */
export function replaceQuery(change: QueryValues): void {
  const { view, id, query } = current.value;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    const values = typeof value === "object" ? value : [value];
    for (const one of values) if (one !== undefined && one !== "") next.append(name, String(one));
  }
  const search = next.toString();
  const path = [view, ...(id === undefined ? [] : [id])].map(encodeURIComponent).join("/");
  history.replaceState(null, "", `#/${path}${search === "" ? "" : `?${search}`}`);
  current.value = parseRoute(location.hash);
}

/** Follows the address from here on. */
export function startRouting(): void {
  const read = () => {
    current.value = parseRoute(location.hash);
  };
  addEventListener("hashchange", read);
  read();
}
