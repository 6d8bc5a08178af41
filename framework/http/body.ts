import { HttpError } from "../errors.ts";

/** How a body is read. */
export interface ReadBodyOptions {
  /** The most bytes to take; the application's `bodyLimit` unless told. */
  readonly limit?: number;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)$/;

/**
 * A request's body, read at most once from the network and never beyond its limit. What cannot be
 * read is an {@linkcode HttpError}: 413 too large, 415 of another kind, 400 malformed.
 */
export class RequestBody {
  readonly #request: Request;
  readonly #limit: number;
  #bytes: Promise<Uint8Array<ArrayBuffer>> | undefined;

  /** @param request Whose body. @param limit The most bytes to take unless a read says otherwise. */
  constructor(request: Request, limit: number) {
    this.#request = request;
    this.#limit = limit;
  }

  /** The body as it comes, without a limit; `null` where there is none. Reading it is yours then. */
  get stream(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#request.body;
  }

  /** The whole body. @throws {HttpError} 413 when it is larger than the limit. */
  bytes(options: ReadBodyOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.#bytes ??= readBytes(this.#request, options.limit ?? this.#limit);
    return this.#bytes;
  }

  /** The body as UTF-8 text. @throws {HttpError} 413; 400 when it is not UTF-8. */
  async text(options: ReadBodyOptions = {}): Promise<string> {
    const bytes = await this.bytes(options);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new HttpError(400, "The request body is not valid UTF-8", {
        cause,
      });
    }
  }

  /**
   * The body parsed as JSON. Its shape is what the client sent: check it before you trust it.
   *
   * @throws {HttpError} 413; 415 when the content type is not JSON; 400 when it does not parse.
   */
  async json(options: ReadBodyOptions = {}): Promise<unknown> {
    this.#expectType(JSON_TYPE, "application/json");
    const text = await this.text(options);
    if (text.trim() === "") {
      throw new HttpError(400, "The request body is empty: expected JSON");
    }
    try {
      return JSON.parse(text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HttpError(
        400,
        `The request body is not valid JSON: ${reason}`,
        { cause },
      );
    }
  }

  /**
   * The body parsed as a form, URL-encoded or multipart.
   *
   * @throws {HttpError} 413; 415 when the content type is not a form's; 400 when it does not parse.
   */
  async form(options: ReadBodyOptions = {}): Promise<FormData> {
    const type = this.#expectType(FORM_TYPE, "a form");
    const bytes = await this.bytes(options);
    try {
      return await new Response(bytes, { headers: { "content-type": type } })
        .formData();
    } catch (cause) {
      throw new HttpError(400, "The request body is not a valid form", {
        cause,
      });
    }
  }

  #expectType(pattern: RegExp, name: string): string {
    const type = this.#request.headers.get("content-type");
    const essence = type?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (type === null || !pattern.test(essence)) {
      const found = type === null ? "none" : `"${essence}"`;
      throw new HttpError(
        415,
        `The request's content type is ${found}: expected ${name}`,
      );
    }
    return type;
  }
}

async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > limit) throw tooLarge(limit);
  if (request.bodyUsed) {
    throw new TypeError(
      "Cannot read the request body: something else has read it already",
    );
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw new HttpError(400, "The request body ended before it was complete", {
      cause,
    });
  }
  return join(chunks, size);
}

function tooLarge(limit: number): HttpError {
  return new HttpError(
    413,
    `The request body is larger than the limit of ${limit} bytes`,
  );
}

function join(
  chunks: readonly Uint8Array[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
