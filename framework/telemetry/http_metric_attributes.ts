import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_URL_SCHEME,
} from "./attributes.ts";
import { requestMethod } from "./http_attributes.ts";
import type { HttpRequestRecord } from "./metric_records.ts";

/** As many as a histogram has series: what comes after them is counted together anyway. */
const MAX_BOUND = 2_000;

/** The attributes of requests with one route, method and status. */
interface Outcome {
  /** Of the count of requests. */
  readonly counted: Attributes;
  /** Of their duration, by scheme and error. */
  readonly measured: Map<string, Attributes>;
}

/**
 * The attributes of HTTP metrics, made once for each route, method and status, and frozen: what
 * keeps the series can tell that it has seen them before.
 */
export class HttpMetricAttributes {
  readonly #active = new Map<string, Map<string, Attributes>>();
  readonly #outcomes = new Map<
    string | undefined,
    Map<string, Map<number | undefined, Outcome>>
  >();
  readonly #max: number;
  #bound = 0;

  /** @param max The most that are kept; further ones are made each time. */
  constructor(max: number = MAX_BOUND) {
    this.#max = max;
  }

  /** Those of the requests being served. */
  active(method: string, scheme: string): Attributes {
    const verb = requestMethod(method);
    const known = this.#active.get(scheme)?.get(verb);
    if (known !== undefined) return known;
    const attributes = Object.freeze({
      [ATTR_HTTP_REQUEST_METHOD]: verb,
      [ATTR_URL_SCHEME]: scheme,
    });
    if (this.#mayBind()) inner(this.#active, scheme).set(verb, attributes);
    return attributes;
  }

  /** Those of a request's count and of its duration. */
  finished(record: HttpRequestRecord): { counted: Attributes; measured: Attributes } {
    const { counted, measured } = this.#outcome(record);
    const { scheme, errorType } = record;
    const key = errorType === undefined ? scheme : `${scheme} ${errorType}`;
    let attributes = measured.get(key);
    if (attributes === undefined) {
      attributes = Object.freeze({
        ...counted,
        [ATTR_URL_SCHEME]: scheme,
        ...(errorType === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType }),
      });
      if (this.#mayBind()) measured.set(key, attributes);
    }
    return { counted, measured: attributes };
  }

  #outcome(record: HttpRequestRecord): Outcome {
    const { route, status } = record;
    // The client chooses the method: only the known ones may take up room.
    const method = requestMethod(record.method);
    const known = this.#outcomes.get(route)?.get(method)?.get(status);
    if (known !== undefined) return known;
    const counted = Object.freeze({
      [ATTR_HTTP_REQUEST_METHOD]: method,
      ...(route === undefined ? {} : { [ATTR_HTTP_ROUTE]: route }),
      ...(status === undefined ? {} : { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    });
    const outcome = { counted, measured: new Map<string, Attributes>() };
    if (this.#mayBind()) {
      inner(inner(this.#outcomes, route), method).set(status, outcome);
    }
    return outcome;
  }

  #mayBind(): boolean {
    if (this.#bound >= this.#max) return false;
    this.#bound += 1;
    return true;
  }
}

function inner<Key, InnerKey, Value>(
  map: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  let found = map.get(key);
  if (found === undefined) map.set(key, found = new Map());
  return found;
}
