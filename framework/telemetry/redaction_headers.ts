import type { Attributes } from "@opentelemetry/api";

/** What holds nothing but credentials; no option makes them leave. */
const NEVER_TOLD: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "set-cookie",
]);

/** Headers whose value is a URL, perhaps a relative one. */
const URL_HEADERS: ReadonlySet<string> = new Set(["content-location", "location", "referer"]);

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** The most of a header's value that is told, in characters. */
const MAX_VALUE_LENGTH = 1024;

/** Takes the secrets out of a header's value. */
export interface HeaderRedactor {
  /** Out of a URL. */
  url(url: string): string;
  /** Out of any other text. */
  text(text: string): string;
}

/** The headers of one direction that spans tell: those that are allowed, and of them no credentials. */
export class ToldHeaders {
  readonly #told: readonly { readonly name: string; readonly attribute: string }[];

  /**
   * @param direction Of the attributes' names: `http.request.header.{name}`.
   * @param allowed The headers' names, in any case.
   * @param tell Hears of those that are never told.
   * @throws {TypeError} When a name cannot be a header's.
   */
  constructor(
    direction: "request" | "response",
    allowed: readonly string[],
    tell: (problem: string) => void,
  ) {
    const names = new Set(allowed.map((name) => headerName(name)));
    const refused = [...names].filter((name) => NEVER_TOLD.has(name));
    if (refused.length > 0) {
      const list = refused.map((name) => `"${name}"`).join(", ");
      tell(`Telemetry never tells the ${direction} header ${list}: it holds credentials`);
    }
    this.#told = [...names].filter((name) => !NEVER_TOLD.has(name))
      .map((name) => ({ name, attribute: `http.${direction}.header.${name}` }));
  }

  /** Whether none is told. */
  get isEmpty(): boolean {
    return this.#told.length === 0;
  }

  /** Adds those that are there to a span's attributes. */
  addTo(attributes: Attributes, headers: Headers, redact: HeaderRedactor): void {
    for (const { name, attribute } of this.#told) {
      const value = headers.get(name);
      if (value === null) continue;
      const clean = URL_HEADERS.has(name) ? redact.url(value) : redact.text(value);
      // Cut last, for half a URL no longer looks like one.
      attributes[attribute] = [clean.slice(0, MAX_VALUE_LENGTH)];
    }
  }
}

function headerName(name: string): string {
  if (typeof name === "string" && HEADER_NAME.test(name)) return name.toLowerCase();
  throw new TypeError(
    `Cannot tell the header "${String(name)}": expected a header's name, such as "x-request-id"`,
  );
}
