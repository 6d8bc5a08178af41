import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_OPERATION_NAME,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_URL_PATH,
} from "../telemetry/attributes.ts";
import type { Attributes } from "../telemetry/otel.ts";
import type {
  ApiData,
  AuthData,
  CacheData,
  JobData,
  PluginData,
  QueryData,
  RequestData,
  SearchData,
} from "./events.ts";

/** A request, by the HTTP conventions. */
export function requestAttributes({ method, path }: Readonly<RequestData | ApiData>): Attributes {
  return {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_PATH]: path,
  };
}

/** A model's operation, by the database conventions. */
export function queryAttributes({ model, operation }: Readonly<QueryData>): Attributes {
  return {
    [ATTR_DB_COLLECTION_NAME]: model,
    [ATTR_DB_OPERATION_NAME]: operation,
  };
}

/** How somebody is known. */
export function authAttributes({ scheme }: Readonly<AuthData>): Attributes {
  return { "auth.scheme": scheme };
}

/** An entry of a cache. */
export function cacheAttributes({ key }: Readonly<CacheData>): Attributes {
  return { "cache.key": key };
}

/** A job. */
export function jobAttributes({ name, id, attempt }: Readonly<JobData>): Attributes {
  return {
    "job.name": name,
    "job.id": id,
    "job.attempt": attempt,
  };
}

/** What a plugin does. */
export function pluginAttributes({ name, event }: Readonly<PluginData>): Attributes {
  return {
    "plugin.name": name,
    "plugin.event": event,
  };
}

/** A search: only its index, for what people search for is theirs. */
export function searchAttributes({ index }: Readonly<SearchData>): Attributes {
  return {
    "search.index": index,
  };
}

/** The attributes without those that are not known: a span event would carry them empty. */
export function present(attributes: Attributes): Attributes {
  const known: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) known[key] = value;
  }
  return known;
}
