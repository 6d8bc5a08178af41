/** A real server for requests to go to, which keeps what it has seen of them. */
export interface Origin extends AsyncDisposable {
  /** Where it answers, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The headers of every request, in order of arrival. */
  readonly seen: Headers[];
  /** Settles when a request for `/hang` has come. */
  readonly hanging: Promise<void>;
}

/**
 * Starts a server. `/status/404` answers with that status, `/echo` with the body it got, `/stream`
 * piece by piece, `/hang` only when its client has gone, `/redirect/3` after three redirects,
 * `/redirect-307` with one that keeps the body, `/loop` with one to itself.
 */
export function startOrigin(): Origin {
  const seen: Headers[] = [];
  const { promise: hanging, resolve: hang } = Promise.withResolvers<void>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      seen.push(new Headers(request.headers));
      return answer(request, hang);
    },
  );
  const { port } = server.addr;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    hanging,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function answer(request: Request, hang: () => void): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, kind = "", count = ""] = pathname.split("/");
  switch (kind) {
    case "status":
      return new Response(null, { status: Number(count) });
    case "echo":
      return new Response(await request.text(), { headers: { "x-method": request.method } });
    case "stream":
      return new Response(
        ReadableStream.from(["a", "b", "c"]).pipeThrough(new TextEncoderStream()),
      );
    case "redirect":
      return redirect(Number(count) > 1 ? `/redirect/${Number(count) - 1}` : "/echo", 302);
    case "redirect-307":
      return redirect("/echo", 307);
    case "loop":
      return redirect("/loop", 302);
    case "hang": {
      const gone = new Promise<void>((resolve) =>
        request.signal.addEventListener("abort", () => resolve(), { once: true })
      );
      hang();
      await gone;
      return new Response("too late");
    }
    default:
      return new Response("ok", { headers: { "x-shop": "tea", "set-cookie": "a=secret" } });
  }
}

function redirect(location: string, status: number): Response {
  return new Response(null, { status, headers: { location } });
}

/** A port on which nobody listens. */
export function closedPort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return port;
}
