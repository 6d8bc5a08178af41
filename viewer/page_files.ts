/** The page's files by their paths; nothing else is ever served from the disk. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/app.js": { file: "app.js", type: "text/javascript; charset=utf-8" },
  "/app.css": { file: "app.css", type: "text/css; charset=utf-8" },
};

const DIST = new URL("./page/dist/", import.meta.url);

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Echelon viewer</title>
<p>The page is not built: run <code>deno task viewer:build</code>.
The receiver and the API at <a href="/api/state">/api/state</a> work without it.</p>
</html>
`;

/** Scripts, styles and connections of the viewer itself, and nothing from anywhere else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** The page, read once. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
  }

  /** Reads the files; where they were not built, the page says so. */
  static async read(): Promise<PageFiles> {
    const files = new Map<string, PageFile>();
    for (const [path, { file, type }] of Object.entries(FILES)) {
      const body = await readOrExplain(file);
      if (body === undefined) continue;
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
      files.set(path, {
        body,
        headers: {
          "content-type": type,
          "content-security-policy": CONTENT_SECURITY_POLICY,
          // Kept, but asked about each time: the next start may bring another page.
          "cache-control": "no-cache",
          "etag": `"${hash.subarray(0, 12).toHex()}"`,
        },
      });
    }
    return new PageFiles(files);
  }

  /** The answer to a GET, where the path is one of the page's. */
  serve(request: Request): Response | undefined {
    const found = this.#files.get(this.#pathOf(request));
    if (found === undefined) return undefined;
    const { body, headers } = found;
    if (request.headers.get("if-none-match") === headers["etag"]) {
      return new Response(null, { status: 304, headers });
    }
    return new Response(request.method === "HEAD" ? null : body, { headers });
  }

  /** An address within the page, such as "/logs", is the page's own affair. */
  #pathOf(request: Request): string {
    const { pathname } = new URL(request.url);
    const isView = !pathname.includes(".") &&
      (request.headers.get("accept") ?? "").includes("text/html");
    return isView ? "/" : pathname;
  }
}

async function readOrExplain(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(new URL(file, DIST));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return file === "index.html" ? new TextEncoder().encode(NOT_BUILT) : undefined;
  }
}
