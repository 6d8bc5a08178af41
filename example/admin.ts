import { type Auth, requireRole } from "@echelon/framework/auth";
import { defineJob, type Job, type Queue, type Scheduler } from "@echelon/framework/jobs";
import { createLogger } from "@echelon/framework";
import type { ShopApplication } from "./state.ts";
import type { User } from "./users.ts";

const log = createLogger({ name: "shop.report" });

/** The report of a day, for whoever runs the shop. */
export const buildReport: Job<{ day: string }> = defineJob<{ day: string }>({
  name: "report.build",
  handler: ({ data }) => log.info("report built", { day: data.day }),
});

/** The page for whoever runs the shop. */
export function adminRoutes(app: ShopApplication, auth: Auth<User>, queue: Queue): void {
  app.get("/admin", [requireRole(auth, "admin")], async (ctx) => {
    const stats = await queue.stats();
    const rows = Object.entries(stats).map(([state, jobs]) =>
      `<tr><td>${state}</td><td>${jobs}</td></tr>`
    );
    return ctx.html(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tea shop: jobs</title>
<link rel="stylesheet" href="/static/shop.css">
<h1>Jobs</h1>
<table>
${rows.join("\n")}
</table>
</html>
`);
  });
}

/** Every night at three, by the clock of UTC, yesterday's report becomes a job. */
export function scheduleReport(scheduler: Scheduler, queue: Queue): void {
  scheduler.schedule({
    name: "nightly-report",
    pattern: "0 3 * * *",
    missed: "run_once",
    run: async ({ scheduledAt }) => {
      await queue.enqueue(buildReport, { day: scheduledAt.toISOString().slice(0, 10) });
    },
  });
}
