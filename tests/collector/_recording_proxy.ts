/** One request that went through. */
interface Passed {
  readonly path: string;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  /** What the target answered. */
  readonly status: number;
}

/** Stands before a server, and notes what passes; disposing of it closes it. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly passed: readonly Passed[];
}

/**
 * Starts a proxy that hands every request on unchanged.
 *
 * @param target The base address of the server behind it.
 */
export function startRecordingProxy(target: string): RecordingProxy {
  const passed: Passed[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { method, headers } = request;
      const path = new URL(request.url).pathname;
      const body = await request.arrayBuffer();
      const answer = await fetch(target + path, { method, headers, body });
      passed.push({
        path,
        contentType: headers.get("content-type"),
        contentEncoding: headers.get("content-encoding"),
        status: answer.status,
      });
      return answer;
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    passed,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
