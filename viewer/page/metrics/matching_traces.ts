import type { Attribute } from "../../api/model.ts";
import { attributeText, findAttribute } from "../format/attribute.ts";
import { href, type QueryValues } from "../state/address.ts";

/** Attributes of measurements that spans carry too, so that traces can be looked for by them. */
const SHARED = /^(http\.request\.method|(db|messaging|job|rpc)\.[\w.]+)$/;

/**
 * A link to the traces that a series measured.
 *
 * @param series What tells the series apart.
 * @param window When, and how long at least.
 */
export function matchingTraces(
  { attributes, service }: { attributes: readonly Attribute[]; service: string },
  window: { from?: number; to?: number; minDurationMs?: number } = {},
): string {
  const status = findAttribute(attributes, "http.response.status_code");
  const failed = findAttribute(attributes, "error.type") !== undefined;
  const query: QueryValues = {
    service,
    route: findAttribute(attributes, "http.route"),
    status: status ?? (failed ? "error" : undefined),
    attr: attributes.filter(({ key }) => SHARED.test(key))
      .map(({ key, value }) => `${key}:${attributeText(value)}`),
    from: window.from === undefined ? undefined : Math.floor(window.from),
    to: window.to === undefined ? undefined : Math.ceil(window.to),
    minDurationMs: window.minDurationMs || undefined,
  };
  return href("traces", query);
}
