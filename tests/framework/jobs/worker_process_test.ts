import assert from "node:assert/strict";
import { defineJob } from "../../../framework/jobs/job.ts";
import { KvJobStore } from "../../../framework/jobs/kv_job_store.ts";
import { Queue } from "../../../framework/jobs/queue.ts";
import { type RunningProcess, startProcess } from "../../_process.ts";

const note = defineJob<string>({ name: "note", handler: () => {} });

interface Done {
  readonly data: string;
  readonly attempt: number;
}

function startWorker(path: string, ...args: string[]): Promise<RunningProcess> {
  const script = new URL("./_worker_process.ts", import.meta.url).pathname;
  return startProcess({
    args: ["run", "--no-prompt", "-A", "--unstable-kv", script, path, ...args],
    ready: /^started$/,
  });
}

async function openFile(): Promise<{ path: string; kv: Deno.Kv } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/jobs.db`;
  const kv = await Deno.openKv(path);
  return {
    path,
    kv,
    [Symbol.asyncDispose]: async () => {
      kv.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("Worker processes lose none of 1,000 jobs when one is killed in mid-job", async () => {
  await using file = await openFile();
  const queue = new Queue({ store: new KvJobStore(file.kv) });
  const items = Array.from({ length: 1_000 }, (_, index) => ({ data: `${index}` }));
  const added = await queue.enqueueMany(note, items.with(200, { data: "hang" }));
  assert.equal(new Set(added.map(({ id }) => id)).size, 1_000);
  const hung = added[200];
  assert.ok(hung);

  await using first = await startWorker(file.path, "--hang");
  await first.waitForLine(/^hanging$/);
  first.signal("SIGKILL");
  await first.status;
  const { ready, active } = await queue.stats();
  assert.ok(active >= 1 && ready >= 700, `${active} active and ${ready} ready at the kill`);
  assert.equal((await queue.get(hung.id))?.state, "active");

  await using second = await startWorker(file.path);
  await using third = await startWorker(file.path);
  await Promise.race(
    [second, third].map((worker) => worker.waitForLine(/^empty$/, { timeoutMillis: 30_000 })),
  );
  const done = await Array.fromAsync(
    file.kv.list<Done>({ prefix: ["done"] }),
    ({ key, value }) => [key[1], value] as const,
  );
  assert.deepEqual(
    new Set(done.map(([id]) => id)),
    new Set(added.map(({ id }) => id)),
  );
  const again = new Map(done).get(hung.id);
  assert.equal(again?.data, "hang");
  // On a busy machine its second lease may run out too.
  assert.ok(again.attempt >= 2, `attempt ${again.attempt}`);
  assert.equal((await queue.get(hung.id))?.failure?.name, "JobLeaseLostError");
  assert.deepEqual(await queue.stats(), { ready: 0, delayed: 0, active: 0, dead: 0 });
  assert.deepEqual(
    [...second.stderr, ...third.stderr].filter((line) => /locked|error/i.test(line)),
    [],
  );
});

Deno.test("Worker ends what it is working at SIGTERM, then its process", async () => {
  await using file = await openFile();
  const queue = new Queue({ store: new KvJobStore(file.kv) });
  await using worker = await startWorker(file.path);
  const { id } = await queue.enqueue(note, "slow");
  await worker.waitForLine(/^working$/);
  worker.signal("SIGTERM");
  assert.equal((await worker.status).code, 0);
  assert.equal((await queue.get(id))?.state, "completed");
});
