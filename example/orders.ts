import { type Application, type Context, HttpError } from "@echelon/framework";
import { setSpanAttributes, withSpan } from "@echelon/framework/telemetry";
import { findProduct } from "./catalogue.ts";

/** What a customer ordered. */
export interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  /** In euro cents. */
  readonly total: number;
  readonly status: "open" | "paid";
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Placing, reading and paying orders. */
export function orderRoutes(app: Application, kv: Deno.Kv): void {
  app.post("/orders", async (ctx) => {
    const { product: id, quantity } = await readOrder(ctx);
    const product = await findProduct(kv, id);
    if (product === undefined) throw new HttpError(422, `There is no product "${id}"`);
    const order: Order = {
      id: crypto.randomUUID(),
      product: id,
      quantity,
      total: product.price * quantity,
      status: "open",
      createdAt: new Date().toISOString(),
    };
    await kv.set(["orders", order.id], order);
    setSpanAttributes({ "shop.order.total": order.total });
    return ctx.json(order, { status: 201, headers: { location: `/orders/${order.id}` } });
  });

  app.get("/orders", async () => {
    const entries = await Array.fromAsync(kv.list<Order>({ prefix: ["orders"] }));
    return entries.map((entry) => entry.value)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  });

  app.get("/orders/:id", async (ctx) => (await loadOrder(kv, ctx.params.id)).value);

  app.post("/orders/:id/pay", async (ctx) => {
    const entry = await loadOrder(kv, ctx.params.id);
    if (entry.value.status === "paid") throw new HttpError(409, "The order is paid already");
    await withSpan(
      "shop.charge",
      { attributes: { "shop.order.total": entry.value.total } },
      charge,
    );
    const paid: Order = { ...entry.value, status: "paid" };
    const { ok } = await kv.atomic().check(entry).set(entry.key, paid).commit();
    if (!ok) throw new HttpError(409, "The order was changed meanwhile: try again");
    return paid;
  });
}

async function readOrder(ctx: Context): Promise<{ product: string; quantity: number }> {
  const body = await ctx.body.json();
  const { product, quantity } = (body ?? {}) as Record<string, unknown>;
  if (typeof product !== "string") {
    throw new HttpError(422, '"product" is missing: expected the id of a product, such as "p1"');
  }
  if (!Number.isInteger(quantity) || Number(quantity) < 1 || Number(quantity) > 100) {
    throw new HttpError(
      422,
      '"quantity" is missing or wrong: expected a whole number from 1 to 100',
    );
  }
  return { product, quantity: Number(quantity) };
}

async function loadOrder(kv: Deno.Kv, id: string): Promise<Deno.KvEntry<Order>> {
  const entry = await kv.get<Order>(["orders", id]);
  if (entry.versionstamp === null) throw new HttpError(404, `There is no order "${id}"`);
  return entry;
}

/** Stands for the payment provider, which takes its time. */
async function charge(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
