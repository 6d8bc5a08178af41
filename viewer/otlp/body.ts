/** Why a body cannot be read, with the status that says so. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** How large bodies may be, in bytes. */
export interface BodyLimits {
  /** Of a body that is compressed. */
  readonly compressed: number;
  /** Of a body after inflating, or of one that came plain. */
  readonly inflated: number;
  /** Of all bodies that are being read and decoded at one time. */
  readonly together: number;
}

const MIB = 1024 * 1024;

/** The limits of a viewer. */
export const BODY_LIMITS: BodyLimits = {
  compressed: 4 * MIB,
  inflated: 64 * MIB,
  together: 160 * MIB,
};

/** A body that was read; disposing of it makes room for the next one. */
export interface HeldBody extends Disposable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads request bodies and never holds more of them than its limits allow. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits = BODY_LIMITS) {
    this.#limits = limits;
  }

  /**
   * Reads a body, inflating it on the way: a bomb is stopped when it passes the limit and not after
   * it went off.
   *
   * @throws {BodyError} When it is too large, or is not what its headers say.
   */
  async read(request: Request): Promise<HeldBody> {
    const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
    if (encoding !== "gzip" && encoding !== "identity") {
      throw new BodyError(415, `Content-Encoding is "${encoding}": expected "gzip" or none`);
    }
    const { compressed, inflated } = this.#limits;
    const max = encoding === "gzip" ? compressed : inflated;
    if (Number(request.headers.get("content-length")) > max) throw tooLarge(max);
    let stream = (request.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array<ArrayBuffer>>;
    if (encoding === "gzip") {
      stream = stream.pipeThrough(limited(compressed)).pipeThrough(new DecompressionStream("gzip"));
    }
    return await this.#gather(stream, inflated);
  }

  async #gather(
    stream: ReadableStream<Uint8Array<ArrayBuffer>>,
    max: number,
  ): Promise<HeldBody> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    let kept = false;
    try {
      for await (const chunk of stream) {
        size += chunk.length;
        this.#held += chunk.length;
        if (size > max) throw tooLarge(max);
        if (this.#held > this.#limits.together) {
          throw new BodyError(503, "Too much is being received at once: try again");
        }
        chunks.push(chunk);
      }
      kept = true;
    } catch (cause) {
      if (cause instanceof BodyError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BodyError(400, `The body cannot be read: ${reason}`, { cause });
    } finally {
      if (!kept) this.#held -= size;
    }
    return {
      bytes: joined(chunks, size),
      [Symbol.dispose]: () => {
        this.#held -= size;
      },
    };
  }
}

function tooLarge(max: number): BodyError {
  return new BodyError(413, `The body is larger than ${max} bytes`);
}

/** Passes chunks on and fails when there were too many bytes. */
function limited(max: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > max) controller.error(tooLarge(max));
      else controller.enqueue(chunk);
    },
  });
}

function joined(chunks: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
