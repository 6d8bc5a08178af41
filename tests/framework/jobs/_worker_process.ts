/**
 * A worker of the database at the path given: notes each job it has done, and says when nothing is
 * left. With `--hang` it never ends the job "hang", nor any that it takes after.
 */
import { defineJob } from "../../../framework/jobs/job.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import { Queue } from "../../../framework/jobs/queue.ts";
import { Worker } from "../../../framework/jobs/worker.ts";

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

const [path, mode] = Deno.args;
const kv = await Deno.openKv(path);
const queue = new Queue({ store: new KvJobStore(kv) });
let hanging = false;
const note = defineJob<string>({
  name: "note",
  handler: async ({ id, data, attempt }) => {
    if (data === "hang" && mode === "--hang") {
      hanging = true;
      say("hanging");
    }
    if (hanging) await new Promise(() => {});
    if (data === "slow") {
      say("working");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await kv.set(["done", id], { data, attempt });
  },
});

const worker = new Worker(queue, [note], { concurrency: 8, leaseMillis: 1_500, pollMillis: 50 });
worker.start();
say("started");
for await (const _ of kv.watch([["jobs", "count", "default", "active"]])) {
  const { ready, delayed, active } = await queue.stats();
  if (ready + delayed + active === 0) say("empty");
}
