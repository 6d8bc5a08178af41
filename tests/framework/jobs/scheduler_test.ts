import assert from "node:assert/strict";
import { Scheduler, type TickContext } from "../../../framework/jobs/scheduler.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { processLifecycle } from "../../../framework/lifecycle.ts";
import { startProcess } from "../../_process.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { openTestQueue, quickWorker, recordingLogger, type TestQueue } from "./_jobs.ts";

const EVERY_SECOND = "* * * * * *";
const YEARLY = "0 0 1 1 *";

const { logger: silent } = quickWorker();

function newScheduler({ store }: TestQueue, logger = silent): Scheduler {
  return new Scheduler({
    store,
    handleSignals: false,
    ...(logger === undefined ? {} : { logger }),
  });
}

/** Starts a scheduler and waits for its first tick. */
async function firstTick(
  scheduler: Scheduler,
  schedule: { name: string; pattern?: string; missed?: "skip" | "run_once" },
): Promise<TickContext> {
  const { promise, resolve } = Promise.withResolvers<TickContext>();
  scheduler.schedule({ pattern: EVERY_SECOND, ...schedule, run: resolve });
  scheduler.start();
  return await promise;
}

Deno.test("Scheduler.start() runs a tick with the time it was planned for", async () => {
  using test = await openTestQueue();
  await using scheduler = newScheduler(test);
  const { name, scheduledAt } = await firstTick(scheduler, { name: "tick" });
  assert.equal(name, "tick");
  assert.equal(scheduledAt.getTime() % 1_000, 0);
  assert.ok(scheduledAt.getTime() <= Date.now());
  assert.ok(await test.store.lastTick("tick"));
});

Deno.test("Scheduler runs each tick in one of two processes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const script = new URL("./_scheduler_process.ts", import.meta.url).pathname;
    const start = () =>
      startProcess({
        args: ["run", "--no-prompt", "-A", "--unstable-kv", script, `${folder}/jobs.db`],
        ready: /^started$/,
      });
    await using first = await start();
    await using second = await start();
    const seen: string[] = [];
    while (seen.length < 3) {
      const unseen = new RegExp(`^tick (?!(?:${seen.join("|")})$)(\\d+)`);
      const [, tick = ""] = await Promise.any(
        [first, second].map((one) => one.waitForLine(unseen)),
      );
      seen.push(tick);
    }
    for (const process of [first, second]) {
      process.signal("SIGTERM");
      assert.equal((await process.status).code, 0);
    }
    const ticks = [...first.stdout, ...second.stdout].filter((line) => line.startsWith("tick"));
    assert.deepEqual(ticks.sort(), [...new Set(ticks)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Scheduler runs the last of the ticks that were missed when asked to", async () => {
  using test = await openTestQueue();
  await test.store.claimTick("yearly", new Date("2020-01-01T00:00:00Z"));
  await using scheduler = newScheduler(test);
  const { scheduledAt } = await firstTick(scheduler, {
    name: "yearly",
    pattern: YEARLY,
    missed: "run_once",
  });
  const thisYear = new Date(Date.UTC(new Date().getUTCFullYear(), 0, 1));
  assert.deepEqual(scheduledAt, thisYear);
  assert.deepEqual(await test.store.lastTick("yearly"), thisYear);
});

Deno.test("Scheduler misses nothing at its first start, and remembers it", async () => {
  using test = await openTestQueue();
  const before = new Date();
  const scheduler = newScheduler(test);
  scheduler.schedule({
    name: "yearly",
    pattern: YEARLY,
    missed: "run_once",
    run: () => assert.fail("a tick was run"),
  });
  scheduler.start();
  await scheduler.stop();
  const since = await test.store.lastTick("yearly");
  assert.ok(since && since >= before);
});

Deno.test("Scheduler skips the ticks that were missed unless told", async () => {
  using test = await openTestQueue();
  const longAgo = new Date("2020-01-01T00:00:00Z");
  await test.store.claimTick("yearly", longAgo);
  const scheduler = newScheduler(test);
  scheduler.schedule({
    name: "yearly",
    pattern: YEARLY,
    run: () => assert.fail("a tick was run"),
  });
  scheduler.start();
  await scheduler.stop();
  assert.deepEqual(await test.store.lastTick("yearly"), longAgo);
});

Deno.test("Scheduler tells of a run that failed, and goes on", async () => {
  using telemetry = inMemoryTelemetry();
  using test = await openTestQueue();
  const { logger, records } = recordingLogger();
  const second = Promise.withResolvers<void>();
  let runs = 0;
  {
    // Its first run is one that was missed, so that only the second has to be waited for.
    await test.store.claimTick("failing", new Date("2020-01-01T00:00:00Z"));
    await using scheduler = newScheduler(test, logger);
    scheduler.schedule({
      name: "failing",
      pattern: EVERY_SECOND,
      missed: "run_once",
      run: () => {
        if (++runs === 2) second.resolve();
        withSpan("work", () => {});
        throw new RangeError("no");
      },
    });
    withSpan("starter", () => scheduler.start());
    await second.promise;
  }
  assert.deepEqual(records.slice(0, 2).map(({ message, fields }) => [message, fields.schedule]), [
    ["A schedule's run failed", "failing"],
    ["A schedule's run failed", "failing"],
  ]);
  const [starter, cron] = telemetry.spanTree();
  assert.equal(starter?.name, "starter");
  assert.deepEqual(cron, {
    name: "cron.failing",
    kind: "INTERNAL",
    attributes: {
      "deno.cron.name": "failing",
      "deno.cron.schedule": EVERY_SECOND,
      "error.type": "RangeError",
    },
    status: "ERROR",
    events: ["exception"],
    children: [{ name: "work", kind: "INTERNAL", attributes: {}, children: [] }],
  });
});

Deno.test("Scheduler.stop() waits for what runs, and aborts it at the timeout", async () => {
  using test = await openTestQueue();
  await test.store.claimTick("yearly", new Date("2020-01-01T00:00:00Z"));
  const scheduler = newScheduler(test);
  const started = Promise.withResolvers<AbortSignal>();
  scheduler.schedule({
    name: "yearly",
    pattern: YEARLY,
    missed: "run_once",
    run: ({ signal }) => {
      started.resolve(signal);
      return new Promise(() => {});
    },
  });
  scheduler.start();
  const signal = await started.promise;
  const { drains } = processLifecycle();
  assert.equal(drains.size, 1);
  await scheduler.stop({ timeoutMillis: 1 });
  assert.equal(signal.aborted, true);
  assert.equal(drains.size, 0);
  assert.throws(() => scheduler.start(), /was stopped: make a new one/);
});

for (
  const { what, schedule, message } of [
    { what: "a pattern", schedule: { pattern: "61 * * * *" }, message: /at "61 \* \* \* \*".*61/ },
    { what: "a time zone", schedule: { timeZone: "Mars/Base" }, message: /in "Mars\/Base"/ },
    { what: "a name", schedule: { name: "" }, message: /Cannot use "" as a schedule/ },
    {
      what: "a second schedule",
      schedule: { name: "there" },
      message: /Cannot schedule "there" twice/,
    },
  ]
) {
  Deno.test(`Scheduler.schedule() refuses ${what} that makes no sense`, async () => {
    using test = await openTestQueue();
    const scheduler = newScheduler(test);
    scheduler.schedule({ name: "there", pattern: YEARLY, run: () => {} });
    assert.throws(
      () => scheduler.schedule({ name: "job", pattern: YEARLY, run: () => {}, ...schedule }),
      { name: "TypeError", message },
    );
  });
}
