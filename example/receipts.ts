import { createLogger } from "@echelon/framework";
import { defineJob, type Job } from "@echelon/framework/jobs";
import { z } from "zod";

const log = createLogger({ name: "shop.receipts" });

/** More items than this, and the mail server of this demonstration is busy at the first attempt. */
const BUSY_ABOVE = 2;

const Receipt = z.object({ order: z.string(), quantity: z.number() });

/** Sends a receipt for an order: work that a customer need not wait for, and that can fail. */
export const sendReceipt: Job<z.input<typeof Receipt>> = defineJob({
  name: "receipt.send",
  schema: Receipt,
  retry: { attempts: 5, baseMillis: 200 },
  handler: ({ data, attempt }) => {
    if (attempt === 1 && data.quantity > BUSY_ABOVE) throw new MailServerBusy();
    log.info("receipt sent", { order: data.order, attempt });
  },
});

class MailServerBusy extends Error {
  override readonly name = "MailServerBusy";
  constructor() {
    super("The mail server is busy: try again later");
  }
}
