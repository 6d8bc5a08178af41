import { type Context, HttpError } from "@echelon/framework";
import { type Auth, identityOf, requirePermission } from "@echelon/framework/auth";
import type { Queue } from "@echelon/framework/jobs";
import { defineModel, Model, RecordNotFoundError } from "@echelon/framework/orm";
import { setSpanAttributes, withSpan } from "@echelon/framework/telemetry";
import { z } from "zod";
import type { Products } from "./products.ts";
import { sendReceipt } from "./receipts.ts";
import type { ShopApplication, ShopState } from "./state.ts";
import type { User } from "./users.ts";

const OrderData = z.object({
  customer: z.string(),
  product: z.string(),
  quantity: z.number().int(),
  // In euro cents.
  total: z.number().int(),
  status: z.enum(["open", "paying", "paid"]),
});

const orderModel = defineModel({ name: "order", schema: OrderData });

/** No id of the shop is longer; what is cannot be there. */
const MAX_ID_LENGTH = 64;

const OrderRequest = z.object({
  product: z.string().min(1).max(MAX_ID_LENGTH),
  quantity: z.number().int().min(1).max(100),
});

/** What orders are made of. */
export interface OrderRoutes {
  readonly auth: Auth<User>;
  readonly kv: Deno.Kv;
  readonly products: Products;
  readonly queue: Queue;
}

/** Placing, reading and paying orders. */
export function orderRoutes(
  app: ShopApplication,
  { auth, kv, products, queue }: OrderRoutes,
): void {
  const orders = new Model(kv, orderModel);
  const placed = app.metrics.counter("shop.orders.placed", {
    unit: "{order}",
    description: "Orders placed",
  });

  app.post("/orders", [requirePermission(auth, "orders:create")], async (ctx) => {
    const { product: id, quantity } = await readOrder(ctx);
    const product = await products.find(id);
    if (product === undefined) throw new HttpError(422, `There is no product "${id}"`);
    const order = await orders.create({
      customer: identityOf(ctx).user.id,
      product: id,
      quantity,
      total: product.price * quantity,
      status: "open",
    }, {
      // The order and the job for its receipt are both there, or neither is.
      alongside: async (atomic, order) => {
        await queue.enqueueIn(atomic, sendReceipt, { order: order.id, quantity });
      },
    });
    setSpanAttributes({ "shop.order.total": order.total });
    placed.add(1, { "shop.product": id });
    return ctx.json(order, { status: 201, headers: { location: `/orders/${order.id}` } });
  });

  app.get("/orders", () => orders.query().reverse().limit(100).all());

  app.get("/orders/:id", async (ctx) => {
    const { id } = ctx.params;
    const order = id.length > MAX_ID_LENGTH ? null : await orders.find(id);
    if (order === null) throw new HttpError(404, `There is no order "${id}"`);
    return order;
  });

  app.post("/orders/:id/pay", async (ctx) => {
    const { id } = ctx.params;
    if (id.length > MAX_ID_LENGTH) throw new HttpError(404, `There is no order "${id}"`);
    try {
      // Claimed before it is charged: what `update` is given may run more than once.
      const order = await orders.update(id, (order) => {
        if (order.status !== "open") {
          throw new HttpError(409, `The order is ${order.status} already`);
        }
        return { status: "paying" };
      });
      await withSpan("shop.charge", { attributes: { "shop.order.total": order.total } }, charge);
      return await orders.update(id, { status: "paid" });
    } catch (cause) {
      if (!(cause instanceof RecordNotFoundError)) throw cause;
      throw new HttpError(404, `There is no order "${id}"`, { cause });
    }
  });
}

async function readOrder(ctx: Context<object, ShopState>): Promise<z.output<typeof OrderRequest>> {
  const parsed = OrderRequest.safeParse(await ctx.body.json());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError(422, `"${issue?.path.join(".") ?? ""}" is wrong: ${issue?.message ?? ""}`);
}

/** Stands for the payment provider, which takes its time. */
async function charge(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
