import type { Debugger } from "./debugger/debugger.ts";
import { DebuggerOTelBridge } from "./debugger/otel_bridge.ts";
import type { Context } from "./http/context.ts";
import type { Handler, Middleware } from "./http/types.ts";
import { context, isOTELEnabled } from "./telemetry/otel.ts";
import { deleteRequestContext, setRequestContext } from "./telemetry/otel_context.ts";
import { getTracer } from "./telemetry/scope.ts";

// What the application tells its debugger. Nobody listening costs a request one check for each of
// its middlewares.

let requests = 0;

/** An id for a request that somebody listens to, unlike any other of this process. */
export function nextRequestId(): string {
  requests += 1;
  return `r${requests}`;
}

const bridged = new WeakSet<Debugger>();

/** Makes operations spans, by the SDK that is registered now; a second time changes nothing. */
export function bridgeToOTel(dbg: Debugger): void {
  if (bridged.has(dbg)) return;
  bridged.add(dbg);
  const bridge = new DebuggerOTelBridge(getTracer());
  dbg.addScope(bridge);
  dbg.addListener((event) => bridge.handleEvent(event));
}

/** A middleware that runs as an operation; `index` is its place from the outside in. */
export function observedMiddleware<State extends object>(
  layer: Middleware<State>,
  index: number,
  dbg: Debugger,
): Middleware<State> {
  const data = { name: layer.name || "anonymous", index };
  const observed: Middleware<State> = (ctx, next) =>
    dbg.enabled
      ? dbg.run("middleware", data, () => layer(ctx, next), { requestId: ctx.requestId })
      : layer(ctx, next);
  return Object.defineProperty(observed, "name", { value: layer.name });
}

/** A handler that runs as an operation. */
export function observedHandler<State extends object>(
  handler: Handler<string, State>,
  route: string,
  dbg: Debugger,
): Handler<string, State> {
  const data = { name: handler.name || undefined, route };
  return (ctx) =>
    dbg.enabled
      ? dbg.run("controller", data, () => handler(ctx), { requestId: ctx.requestId })
      : handler(ctx);
}

type AnyContext = Context<unknown, object>;

/** Tells of a request that begins, and keeps its context for what is told from outside it. */
export function tellBegin(dbg: Debugger, ctx: AnyContext): void {
  const { requestId, method, path } = ctx;
  if (requestId === undefined) return;
  if (isOTELEnabled()) setRequestContext(requestId, context.active());
  dbg.emit({ type: "request:start", requestId, data: { method, path } });
  // The request's own span says its route already.
  const traced = true;
  const route = ctx.route?.pattern.pathname;
  const data = { method, path };
  if (route === undefined) dbg.emit({ type: "route:miss", requestId, traced, data });
  else dbg.emit({ type: "route:match", requestId, traced, data: { ...data, route } });
}

/** Tells of a request that has its response. */
export function tellEnd(
  dbg: Debugger,
  ctx: AnyContext,
  end: { status: number; error?: unknown },
): void {
  const { requestId } = ctx;
  if (requestId === undefined) return;
  dbg.emit({ type: "request:end", requestId, data: end });
  deleteRequestContext(requestId);
}
