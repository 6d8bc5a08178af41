import { extname, join, sep } from "node:path";
import { mimes } from "mrmime";
import { HttpError } from "../errors.ts";
import { markWhole } from "../telemetry/response_body.ts";
import { type ByteRange, parseByteRange } from "./byte_range.ts";
import type { Context } from "./context.ts";
import { readFileSlice } from "./file_slice.ts";
import { emptyResponse, streamResponse } from "./response.ts";

/** Which files are served, and how. */
export interface StaticFilesOptions {
  /** The directory; a path, or a file URL such as `new URL("./static/", import.meta.url)`. */
  readonly root: string | URL;
  /** The file that answers for a directory, such as `index.html`; none unless told. */
  readonly index?: string;
  /** How long a file may be used without asking again, in seconds; 0 unless told. */
  readonly maxAge?: number;
  /** Whether a file never changes under its name, so that a reload need not ask: `false` unless told. */
  readonly immutable?: boolean;
  /** Whether files and directories whose name begins with a dot are served: `false` unless told. */
  readonly dotfiles?: boolean;
}

/** Answers with files; see {@linkcode staticFiles}. */
export type StaticFilesHandler = (
  ctx: Context<{ readonly path?: string }, object>,
) => Promise<Response>;

interface LocatedFile {
  readonly path: string;
  readonly size: number;
  readonly modified: Date | null;
}

/** Files up to this size are sent in one piece; larger ones are streamed. */
const WHOLE_BYTES = 64 * 1024;

/**
 * A handler that serves the files of a directory, for a route whose wildcard is called `path`. It
 * leaves nothing outside the directory to be reached, by symbolic links neither; knows conditional
 * requests (`ETag`, `Last-Modified`), and single ranges of bytes.
 *
 * The directory is looked up once, here: read permission for it is all that is needed.
 *
 * @throws {TypeError} When the root is no directory.
 * @throws {Deno.errors.NotFound} When it does not exist.
 *
 * @example
 * ```ts
 * import { Application, staticFiles } from "@echelon/framework";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/hello.txt`, "Hello");
 *
 * const app = new Application();
 * app.get("/static/**:path", staticFiles({ root, maxAge: 3600 }));
 *
 * const response = await app.handle(new Request("http://localhost/static/hello.txt"));
 * console.assert(await response.text() === "Hello");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function staticFiles(options: StaticFilesOptions): StaticFilesHandler {
  const directory = new StaticDirectory(options);
  return async function staticFiles(ctx) {
    if (ctx.method !== "GET" && ctx.method !== "HEAD") {
      throw new HttpError(405, undefined, { headers: { allow: "GET, HEAD" } });
    }
    return await directory.answer(ctx);
  };
}

class StaticDirectory {
  readonly #root: string;
  readonly #options: StaticFilesOptions;
  readonly #cacheControl: string;

  constructor(options: StaticFilesOptions) {
    const { maxAge = 0, immutable = false } = options;
    this.#options = options;
    this.#root = Deno.realPathSync(options.root);
    if (!Deno.statSync(this.#root).isDirectory) {
      throw new TypeError(`Cannot serve files of "${options.root}": it is no directory`);
    }
    if (!Number.isInteger(maxAge) || maxAge < 0) {
      throw new RangeError(`The maximum age is ${maxAge}: expected a whole number of seconds`);
    }
    // Never `public`: whether a shared cache may keep it is not for the file to say.
    this.#cacheControl = maxAge === 0
      ? "no-cache"
      : `max-age=${maxAge}${immutable ? ", immutable" : ""}`;
  }

  async answer(ctx: Context<{ readonly path?: string }, object>): Promise<Response> {
    const found = await this.#find(ctx);
    return found instanceof Response ? found : await this.#send(found, ctx);
  }

  async #find(ctx: Context<{ readonly path?: string }, object>): Promise<LocatedFile | Response> {
    const path = ctx.params.path ?? "";
    const inside = path === "" || this.#isServable(path) ? await this.#locate(path) : undefined;
    if (inside === undefined) throw notFound(ctx);
    const { info } = inside;
    const asDirectory = ctx.path.endsWith("/");
    if (info.isFile && !asDirectory) return located(inside);
    const { index } = this.#options;
    const page = info.isDirectory && index !== undefined
      ? await this.#locate(join(path, index))
      : undefined;
    if (!page?.info.isFile) throw notFound(ctx);
    // Links in the page are meant from inside the directory. The target is relative to the request,
    // so no path can turn it into another host.
    if (!asDirectory) {
      const { query } = this.#options;
    }
    return located(page);
  }
}
