import { extname, join, sep } from "node:path";
import { mimes } from "mrmime";
import { HttpError } from "../errors.ts";
import { markWhole } from "../telemetry/response_body.ts";
import { parseByteRange } from "./byte_range.ts";
import type { Context } from "./context.ts";
import { readFileBytes, readFileSlice } from "./file_slice.ts";
import { emptyResponse, streamResponse } from "./response.ts";

/** Which files are served, and how. */
export interface StaticFilesOptions {
  /** The directory; a path, or a file URL such as `new URL("./static/", import.meta.url)`. */
  readonly root: string | URL;
  /** The file that answers for a directory, such as `index.html`; none unless told. */
  readonly index?: string;
  /** How long a client may use a file without asking again, in seconds; 0 unless told. */
  readonly maxAge?: number;
  /** Whether a file never changes under its name: `false` unless told. */
  readonly immutable?: boolean;
  /** Whether names that begin with a dot are served: `false` unless told. */
  readonly dotfiles?: boolean;
}

/** What {@linkcode staticFiles} needs of a request: where in the directory it points to. */
export type StaticFilesContext = Context<{ readonly path?: string | undefined }, object>;

/** A file or a directory under the root. */
interface Entry {
  readonly path: string;
  readonly info: Deno.FileInfo;
}

/** Files and ranges up to this size are sent at once; larger ones piece by piece. */
const WHOLE_BYTES = 64 * 1024;

/**
 * A handler that serves the files of a directory, for a GET route whose wildcard is called `path`. It
 * knows conditional requests, single ranges of bytes, and HEAD. What lies outside the directory is
 * not there for it, whether by `..`, by an encoded form of that, or by a symbolic link.
 *
 * The directory is looked up once, here. Read permission for it is all that is needed.
 *
 * @throws {TypeError} When the root is no directory.
 * @throws {RangeError} When `maxAge` is no whole number from 0 on.
 * @throws {Deno.errors.NotFound} When the root does not exist.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Application, staticFiles } from "@echelon/framework";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/hello.txt`, "Hello");
 *
 * const app = new Application();
 * app.get("/static/**:path", staticFiles({ root, maxAge: 3600 }));
 *
 * const response = await app.handle(new Request("http://localhost/static/hello.txt"));
 * assert(await response.text() === "Hello");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export function staticFiles(
  options: StaticFilesOptions,
): (ctx: StaticFilesContext) => Promise<Response> {
  const { index, maxAge = 0, immutable = false, dotfiles = false } = options;
  if (!Number.isInteger(maxAge) || maxAge < 0) {
    throw new RangeError(`The maximum age is ${maxAge}: expected a whole number of seconds from 0`);
  }
  const root = Deno.realPathSync(options.root);
  if (!Deno.statSync(root).isDirectory) {
    throw new TypeError(`Cannot serve files of "${options.root}": it is not a directory`);
  }
  // Never `public`: whether a shared cache may keep a file is for the application to say.
  const caching = `max-age=${maxAge}${immutable ? ", immutable" : ""}`;
  const cacheControl = maxAge === 0 ? "no-cache" : caching;

  return async function staticFiles(ctx) {
    const path = ctx.params.path ?? "";
    const entry = isServable(path, dotfiles) ? await entryAt(root, path) : undefined;
    const asDirectory = ctx.path.endsWith("/");
    if (entry?.info.isFile && !asDirectory) return await send(entry, ctx, cacheControl);
    const page = entry?.info.isDirectory && index !== undefined
      ? await entryAt(root, join(path, index))
      : undefined;
    if (!page?.info.isFile) throw new HttpError(404, `Nothing is at "${ctx.path}"`);
    return asDirectory ? await send(page, ctx, cacheControl) : withSlash(ctx);
  };
}

/** Whether a decoded path has a meaning below the root, and the same one on every system. */
function isServable(path: string, dotfiles: boolean): boolean {
  if (path === "") return true;
  return !/[\\\0]/.test(path) &&
    path.split("/").every((name) =>
      name !== "" && name !== "." && name !== ".." && (dotfiles || !name.startsWith("."))
    );
}

/** What is at a path, or `undefined` where nothing is or it lies outside the root. */
async function entryAt(root: string, path: string): Promise<Entry | undefined> {
  try {
    // Without symbolic links, so that what is looked at is what will be opened.
    const real = await Deno.realPath(join(root, path));
    const inside = root.endsWith(sep) ? root : root + sep;
    if (real !== root && !real.startsWith(inside)) return undefined;
    return { path: real, info: await Deno.stat(real) };
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop ||
    (error instanceof Error && "code" in error && error.code === "ENAMETOOLONG");
}

/** The links of a directory's page are meant from inside the directory. */
function withSlash(ctx: StaticFilesContext): Response {
  const name = decodeURIComponent(ctx.path.slice(ctx.path.lastIndexOf("/") + 1));
  const query = ctx.query.size === 0 ? "" : `?${ctx.query}`;
  // Relative, so that no path (`//evil.example`) can turn it into another host.
  return ctx.redirect(`./${encodeURIComponent(name)}/${query}`, 301);
}

async function send(
  { path, info }: Entry,
  ctx: StaticFilesContext,
  cacheControl: string,
): Promise<Response> {
  const { size } = info;
  const validators = validatorsOf(info);
  const headers: Record<string, string> = { "cache-control": cacheControl, ...validators };
  if (isFresh(ctx.headers, validators)) return emptyResponse(304, headers);

  const range = ctx.method === "GET" ? requestedRange(ctx.headers, size, validators) : undefined;
  if (range === "unsatisfiable") {
    throw new HttpError(416, `The file has ${size} bytes: the range asked for has none of them`, {
      headers: { "content-range": `bytes */${size}` },
    });
  }
  const part = range ?? { start: 0, length: size };
  const status = range === undefined ? 200 : 206;
  headers["accept-ranges"] = "bytes";
  headers["content-type"] = contentType(path);
  headers["content-length"] = String(part.length);
  if (range !== undefined) {
    headers["content-range"] = `bytes ${part.start}-${part.start + part.length - 1}/${size}`;
  }
  if (ctx.method === "HEAD") return emptyResponse(status, headers);
  if (part.length > WHOLE_BYTES) {
    return streamResponse(readFileSlice(path, part), { status, headers });
  }
  return markWhole(new Response(await readFileBytes(path, part), { status, headers }));
}

type Validators = { readonly etag?: string; readonly "last-modified"?: string };

/** A weak tag: a file may change twice within the clock's resolution and keep its size. */
function validatorsOf({ size, mtime }: Deno.FileInfo): Validators {
  if (mtime === null) return {};
  const etag = `W/"${size.toString(16)}-${mtime.getTime().toString(16)}"`;
  return { etag, "last-modified": mtime.toUTCString() };
}

/** Whether the client has this version already (RFC 9110, section 13.2.2). */
function isFresh(request: Headers, validators: Validators): boolean {
  const { etag, "last-modified": modified } = validators;
  const known = request.get("if-none-match");
  if (known !== null) {
    const tags = known.split(",").map((tag) => tag.trim());
    const weak = (tag: string) => tag.startsWith("W/") ? tag : `W/${tag}`;
    return tags.some((tag) => tag === "*" || weak(tag) === etag);
  }
  const since = request.get("if-modified-since");
  return since !== null && modified !== undefined && Date.parse(since) >= Date.parse(modified);
}

function requestedRange(
  request: Headers,
  size: number,
  validators: Validators,
): ReturnType<typeof parseByteRange> {
  // A weak tag never holds here, so only a date can (RFC 9110, section 13.1.5).
  const condition = request.get("if-range");
  if (condition !== null && condition !== validators["last-modified"]) return undefined;
  return parseByteRange(request.get("range"), size);
}

function contentType(path: string): string {
  const extension = extname(path).slice(1).toLowerCase();
  const type = Object.hasOwn(mimes, extension) ? mimes[extension] : undefined;
  if (type === undefined) return "application/octet-stream";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
