import type { Signal } from "../api/model.ts";
import { Pause } from "./pause.ts";
import { readLog } from "./logs.ts";
import { readMetric } from "./metrics.ts";
import { decodeMessage } from "./protobuf.ts";
import type {
  Batch,
  LogRecord,
  MetricRecord,
  ResourceRecord,
  ScopeRecord,
  SpanRecord,
} from "./records.ts";
import { requestSchemas } from "./schema.ts";
import { readSpan } from "./spans.ts";
import { readAttributes, textOf } from "./values.ts";
import { asMessage, listIn, type Message, messageIn, textIn, WireError } from "./wire.ts";

/** The two encodings of OTLP over HTTP. */
export type Encoding = "json" | "protobuf";

/** What a request carried, ready to be stored. */
export interface DecodedRequest {
  readonly spans: readonly Batch<SpanRecord>[];
  readonly logs: readonly Batch<LogRecord>[];
  readonly metrics: readonly Batch<MetricRecord>[];
  /** How many items were refused, and why the last of them was. */
  readonly refused: number;
  readonly problem: string | undefined;
  /** The request in OTLP's JSON, where it was asked for. */
  readonly json: Message | undefined;
}

/** A resource or scope is kept beside each of its items' traces, so it must be of a sane size. */
const MAX_ORIGIN = 256 * 1024;

/**
 * Decodes the body of an export request, in steps that let others have their turn.
 *
 * @param body The bytes, inflated already.
 * @param signal Which kind of request it is.
 * @param options How it is encoded, and whether its JSON is wanted.
 * @throws {WireError} When the body is not such a request.
 */
export async function decodeRequest(
  body: Uint8Array,
  signal: Signal,
  { encoding, keepJson = false }: { readonly encoding: Encoding; readonly keepJson?: boolean },
): Promise<DecodedRequest> {
  const schema = requestSchemas[signal];
  const request = encoding === "json" ? parseJson(body) : decodeMessage(body, schema.request);
  return await readRequest(request, signal, keepJson);
}

/**
 * Reads an export request that is JSON, parsed already.
 *
 * @throws {WireError} When it is not such a request.
 */
export async function readRequest(
  request: Message,
  signal: Signal,
  keepJson = false,
): Promise<DecodedRequest> {
  const decoder = new RequestDecoder(signal, keepJson);
  await decoder.read(request);
  return decoder;
}

function parseJson(body: Uint8Array): Message {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WireError(`The body is not JSON: ${reason}`, { cause });
  }
  return asMessage(value, "body");
}

class RequestDecoder implements DecodedRequest {
  readonly spans: Batch<SpanRecord>[] = [];
  readonly logs: Batch<LogRecord>[] = [];
  readonly metrics: Batch<MetricRecord>[] = [];
  refused = 0;
  problem: string | undefined;
  json: Message | undefined;
  readonly #signal: Signal;
  readonly #keepJson: boolean;
  readonly #pause = new Pause();

  constructor(signal: Signal, keepJson: boolean) {
    this.#signal = signal;
    this.#keepJson = keepJson;
  }

  async read(request: Message): Promise<void> {
    const { names } = requestSchemas[this.#signal];
    const byResource: Message[] = [];
    for (const item of listIn(request, names.resources)) {
      const group = asMessage(item, names.resources);
      const resource = readResource(group);
      const byScope: Message[] = [];
      for (const inner of listIn(group, names.scopes)) {
        const scoped = asMessage(inner, names.scopes);
        const items = await this.#readScope(scoped, resource);
        if (this.#keepJson) byScope.push({ ...scoped, [names.items]: items });
      }
      if (this.#keepJson) byResource.push({ ...group, [names.scopes]: byScope });
    }
    if (this.#keepJson) this.json = { [names.resources]: byResource };
  }

  async #readScope(scoped: Message, resource: ResourceRecord): Promise<readonly Message[]> {
    const { names, item: fields } = requestSchemas[this.#signal];
    const scope = readScope(scoped);
    const kept: Message[] = [];
    const taken: Taken = { spans: [], logs: [], metrics: [] };
    for (const item of listIn(scoped, names.items)) {
      const message = item instanceof Uint8Array
        ? decodeMessage(item, fields)
        : asMessage(item, names.items);
      this.#take(message, taken);
      if (this.#keepJson) kept.push(message);
      if (this.#pause.due) await this.#pause.rest();
    }
    if (taken.spans.length > 0) this.spans.push({ resource, scope, items: taken.spans });
    if (taken.logs.length > 0) this.logs.push({ resource, scope, items: taken.logs });
    if (taken.metrics.length > 0) this.metrics.push({ resource, scope, items: taken.metrics });
    return kept;
  }

  #take(message: Message, taken: Taken): void {
    if (this.#signal === "metrics") {
      const { metric, refused, problem } = readMetric(message);
      if (metric !== undefined) taken.metrics.push(metric);
      this.refused += refused;
      this.problem = problem ?? this.problem;
    } else if (this.#signal === "traces") {
      this.#keepOrRefuse(readSpan(message), taken.spans);
    } else {
      this.#keepOrRefuse(readLog(message), taken.logs);
    }
  }

  #keepOrRefuse<Item extends object>(item: Item | string, taken: Item[]): void {
    if (typeof item !== "string") {
      taken.push(item);
      return;
    }
    this.refused++;
    this.problem = item;
  }
}

interface Taken {
  readonly spans: SpanRecord[];
  readonly logs: LogRecord[];
  readonly metrics: MetricRecord[];
}

/** What a resource without `service.name` is called, as the resource conventions have it. */
const UNKNOWN_SERVICE = "unknown_service";
const MAX_SERVICE = 256;

function readResource(group: Message): ResourceRecord {
  const attributes = readAttributes(messageIn(group, "resource"));
  const service = textOf(attributes, "service.name") || UNKNOWN_SERVICE;
  const schemaUrl = textIn(group, "schemaUrl");
  return withinBound("resource", { service: service.slice(0, MAX_SERVICE), attributes, schemaUrl });
}

function readScope(group: Message): ScopeRecord {
  const scope = messageIn(group, "scope");
  return withinBound("scope", {
    name: textIn(scope, "name"),
    version: textIn(scope, "version"),
    attributes: readAttributes(scope),
    schemaUrl: textIn(group, "schemaUrl"),
  });
}

function withinBound<Origin>(what: string, origin: Origin): Origin {
  if (JSON.stringify(origin).length <= MAX_ORIGIN) return origin;
  throw new WireError(`A ${what} is larger than ${MAX_ORIGIN} bytes`);
}
