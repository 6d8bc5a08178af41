/** Runs a schedule of every second with the database at the path given, and tells its ticks. */
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import { Scheduler } from "../../../framework/jobs/scheduler.ts";

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const [path] = Deno.args;
const kv = await Deno.openKv(path);
const scheduler = new Scheduler({ store: new KvJobStore(kv) });
scheduler.schedule({
  name: "every-second",
  pattern: "* * * * * *",
  run: ({ scheduledAt }) => say(`tick ${scheduledAt.getTime()}`),
});
scheduler.start();
say("started");
