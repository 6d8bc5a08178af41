import {
  type Attributes,
  type AttributeValue,
  type Context,
  context,
  createContextKey,
  diag,
  type Exception,
} from "@opentelemetry/api";
import {
  isSecretKey,
  plainKey,
  REDACTED,
  redactQuery,
  redactText,
  redactUrl,
  type SecretKey,
} from "./redact.ts";
import { ToldHeaders } from "./redaction_headers.ts";

/** What may be told of requests, those that are served and those that are made. */
export interface RedactionOptions {
  /** Query keys that hold secrets beside the usual ones, in any spelling. */
  readonly queryKeys?: readonly string[];
  /** Query keys that hold none here, though they usually do. */
  readonly allowQueryKeys?: readonly string[];
  /**
   * Request headers that spans tell, as `http.request.header.{name}`; none unless told, and never
   * `authorization`, `proxy-authorization` or `cookie`.
   */
  readonly allowRequestHeaders?: readonly string[];
  /** Response headers that spans tell; none unless told, and never `set-cookie`. */
  readonly allowResponseHeaders?: readonly string[];
  /**
   * Has the last word on every attribute of a request's span and of the exceptions in it: returns
   * the value to tell, the same or another, or nothing to leave it out. Where it throws, the
   * attribute is left out.
   */
  readonly attribute?: (key: string, value: AttributeValue) => AttributeValue | undefined;
}

/** Stands between what is known of a request and what is told of it. */
export class Redaction {
  readonly #isSecret: SecretKey;
  readonly #attribute: RedactionOptions["attribute"];
  readonly #requestHeaders: ToldHeaders;
  readonly #responseHeaders: ToldHeaders;
  readonly #tell: (problem: string) => void;
  #hookFailed = false;

  /**
   * @param options What may be told.
   * @param tell Hears, once each, of options that cannot be followed and of a hook that throws.
   * @throws {TypeError} When an option is of the wrong kind.
   */
  constructor(
    options: RedactionOptions = {},
    tell: (problem: string) => void = (problem) => diag.warn(problem),
  ) {
    const { attribute } = options;
    if (attribute !== undefined && typeof attribute !== "function") {
      throw new TypeError(
        `The option "attribute" is a ${typeof attribute}: expected a function of key and value`,
      );
    }
    this.#tell = tell;
    this.#attribute = attribute;
    this.#isSecret = secretKeys(names(options, "queryKeys"), names(options, "allowQueryKeys"));
    const headers = (direction: "request" | "response", option: NameList) =>
      new ToldHeaders(direction, names(options, option), tell);
    this.#requestHeaders = headers("request", "allowRequestHeaders");
    this.#responseHeaders = headers("response", "allowResponseHeaders");
  }

  /** A query without its secrets. */
  query(query: string): string {
    return redactQuery(query, this.#isSecret);
  }

  /** A URL without its secrets. */
  url(url: string): string {
    return redactUrl(url, this.#isSecret);
  }

  /** A text without the secrets of the URLs in it. */
  text(text: string): string {
    return redactText(text, this.#isSecret);
  }

  /** Adds the headers of a request that may be told to its attributes. */
  addRequestHeaders(attributes: Attributes, headers: Headers): void {
    this.#requestHeaders.addTo(attributes, headers, this);
  }

  /** Whether any header of a response may be told. */
  get tellsResponseHeaders(): boolean {
    return !this.#responseHeaders.isEmpty;
  }

  /** Adds the headers of a response that may be told to its attributes. */
  addResponseHeaders(attributes: Attributes, headers: Headers): void {
    this.#responseHeaders.addTo(attributes, headers, this);
  }

  /** What the application lets through of attributes; the same object where it has no say. */
  attributes(attributes: Attributes): Attributes {
    if (this.#attribute === undefined) return attributes;
    const told: Attributes = {};
    for (const [key, value] of Object.entries(attributes)) {
      const allowed = value === undefined ? undefined : this.value(key, value);
      if (allowed !== undefined) told[key] = allowed;
    }
    return told;
  }

  /** What the application lets through of one attribute. */
  value(key: string, value: AttributeValue): AttributeValue | undefined {
    if (this.#attribute === undefined) return value;
    try {
      const allowed: unknown = this.#attribute(key, value);
      if (allowed === undefined || isAttributeValue(allowed)) return allowed;
      this.#hookFails(key, `returned a ${typeof allowed}`);
    } catch (error) {
      this.#hookFails(key, `threw ${error instanceof Error ? error.name : typeof error}`);
    }
    return undefined;
  }

  /** What may be told of something thrown; the thing itself where nothing of it is secret. */
  exception(thrown: Error | string): Exception {
    if (typeof thrown === "string") return this.#line("exception.message", thrown) ?? REDACTED;
    const { name, message, stack } = thrown;
    const clean = this.#line("exception.message", message);
    const trace = stack === undefined ? undefined : this.#line("exception.stacktrace", stack);
    if (clean === message && trace === stack) return thrown;
    // A Node error's type is its code, by whichever SDK reads it.
    const { code } = thrown as { code?: string | number };
    return {
      ...(code === undefined ? {} : { code }),
      name,
      message: clean ?? "",
      ...(trace === undefined ? {} : { stack: trace }),
    };
  }

  #line(key: string, text: string): string | undefined {
    const allowed = this.value(key, typeof text === "string" ? this.text(text) : text);
    return allowed === undefined || typeof allowed === "string" ? allowed : String(allowed);
  }

  #hookFails(key: string, how: string): void {
    if (this.#hookFailed) return;
    this.#hookFailed = true;
    this.#tell(
      `Left "${key}" out of a span: the "attribute" hook ${how}, expected a value or nothing`,
    );
  }
}

type NameList = Exclude<keyof RedactionOptions, "attribute">;

function names(options: RedactionOptions, option: NameList): readonly string[] {
  const list: unknown = options[option] ?? [];
  if (Array.isArray(list) && list.every((name) => typeof name === "string")) return list;
  throw new TypeError(`The option "${option}" is not a list of names: expected strings`);
}

function secretKeys(further: readonly string[], allowed: readonly string[]): SecretKey {
  if (further.length === 0 && allowed.length === 0) return isSecretKey;
  const secret = new Set(further.map(plainKey));
  const open = new Set(allowed.map(plainKey));
  return (key) => {
    const plain = plainKey(key);
    return secret.has(plain) || !open.has(plain) && isSecretKey(key);
  };
}

function isAttributeValue(value: unknown): value is AttributeValue {
  if (Array.isArray(value)) return value.every((item) => item == null || isPrimitive(item));
  return isPrimitive(value);
}

function isPrimitive(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

const REDACTION = createContextKey("echelon.redaction");

/** What may be told where no application says otherwise. */
export const USUAL_REDACTION: Redaction = new Redaction();

/** A context in which what is told follows the rules of one application. */
export function withRedaction(ctx: Context, redaction: Redaction): Context {
  return ctx.setValue(REDACTION, redaction);
}

/**
 * The rules that hold here: those of the application whose request this is; else the usual ones.
 *
 * @param fallback What holds outside every such request.
 */
export function activeRedaction(
  ctx: Context = context.active(),
  fallback: Redaction = USUAL_REDACTION,
): Redaction {
  const found = ctx.getValue(REDACTION);
  return found instanceof Redaction ? found : fallback;
}
