import { Application, createLogger } from "../framework/mod.ts";

const request = new Request("http://shop.test/orders/7");

function application(layers: number): (request: Request) => Response | Promise<Response> {
  const app = new Application({ logger: createLogger({ sinks: [] }) });
  for (let layer = 0; layer < layers; layer++) app.use(async (_ctx, next) => await next());
  app.get("/orders/:id", (ctx) => ctx.text(ctx.params.id));
  return app.createHandler();
}

/** The same work by hand: what a framework cannot do with less. */
function nested(layers: number): (request: Request) => Response | Promise<Response> {
  let handler = (request: Request): Response | Promise<Response> =>
    new Response(request.url.slice("http://shop.test/orders/".length), {
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  for (let layer = 0; layer < layers; layer++) {
    const inner = handler;
    handler = async (request) => await inner(request);
  }
  return handler;
}

for (const layers of [0, 5]) {
  const group = `a request through ${layers} middleware`;
  const bare = nested(layers);
  const framework = application(layers);
  Deno.bench(`${group}: nested functions`, { group, baseline: true }, async () => {
    await bare(request);
  });
  Deno.bench(`${group}: Application`, { group }, async () => {
    await framework(request);
  });
}
