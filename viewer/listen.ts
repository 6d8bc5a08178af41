/** Where to listen, and whether another port will do. */
export interface ListenOptions {
  readonly hostname: string;
  readonly port: number;
  /** Whether a port that is taken is an error; unless it is, another one is used. */
  readonly exactPort: boolean;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** A server, and the port that was wanted where it is another one. */
export interface Listening {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly busyPort: number | undefined;
}

const TRIED_PORTS = 9;

/**
 * Listens on a port, on one of those after it, or on any.
 *
 * @throws {Deno.errors.AddrInUse} When the port is taken and no other one will do.
 */
export function listen(
  { hostname, port, exactPort, signal, onError }: ListenOptions,
  handle: (request: Request) => Promise<Response>,
): Listening {
  const candidates = exactPort || port === 0 ? [port] : [port, ...nextPorts(port), 0];
  for (const candidate of candidates) {
    try {
      const server = Deno.serve({
        hostname,
        port: candidate,
        signal,
        onListen() {},
        onError: (error) => {
          onError(error);
          return new Response(null, { status: 500 });
        },
      }, handle);
      return { server, busyPort: candidate === port ? undefined : port };
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || candidate === candidates.at(-1)) throw error;
    }
  }
  throw new Error("There was no port to try");
}

function nextPorts(port: number): number[] {
  return Array.from({ length: TRIED_PORTS }, (_, i) => port + 1 + i).filter((next) =>
    next <= 65_535
  );
}
