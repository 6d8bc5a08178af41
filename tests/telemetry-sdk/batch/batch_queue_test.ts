import assert from "node:assert/strict";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { BatchQueue, type BatchQueueOptions } from "../../../telemetry-sdk/batch/batch_queue.ts";
import { NOTHING_DROPPED } from "../../../telemetry-sdk/batch/batch_stats.ts";

const SIZES = {
  maxQueueSize: 100,
  maxExportBatchSize: 100,
  scheduledDelayMillis: 3_600_000,
  exportTimeoutMillis: 3_600_000,
};

type Done = (result: ExportResult) => void;

/** A queue of texts, and the batches it exports; they end when the test says so, or at once. */
function queueOf(
  options: Partial<BatchQueueOptions<string>> & { readonly instant?: boolean } = {},
) {
  const batches: string[][] = [];
  const open: Done[] = [];
  let begun = Promise.withResolvers<void>();
  const queue = new BatchQueue<string>({
    sizes: SIZES,
    sanitize: (text) => text === "invalid" ? undefined : text,
    export: (items, done) => {
      batches.push(items);
      if (options.instant) return done({ code: ExportResultCode.SUCCESS });
      open.push(done);
      begun.resolve();
    },
    ...options,
  });
  return {
    queue,
    batches,
    end: (code = ExportResultCode.SUCCESS) => open.shift()?.({ code }),
    async begun() {
      await begun.promise;
      begun = Promise.withResolvers();
    },
  };
}

/** Every item that was given has exactly one fate. */
function assertAccounted(queue: BatchQueue<string>, given: number): void {
  const { queued, inFlight, exported, dropped } = queue.stats();
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(queued + inFlight + exported + lost, given, Deno.inspect(queue.stats()));
}

Deno.test("BatchQueue counts an invalid item of an abandoned batch once", async () => {
  const { queue, begun } = queueOf();
  for (const item of ["1", "invalid", "3"]) queue.add(item);
  const closed = queue.close();
  await begun();
  assert.deepEqual(queue.stats().inFlight, 2, "the invalid one has its fate already");
  queue.abandon();
  await closed;
  assert.deepEqual(queue.stats().dropped, { ...NOTHING_DROPPED, invalid: 1, shutdown: 2 });
  assertAccounted(queue, 3);
});

Deno.test("BatchQueue counts what half a batch delivered once when the rest is abandoned", async () => {
  const second = Promise.withResolvers<void>();
  const { queue } = queueOf({
    export: (items, done) => {
      if (items.includes("bad")) {
        if (items.length > 2) throw new RangeError("Cannot serialise");
        second.resolve();
      } else {
        done({ code: ExportResultCode.SUCCESS });
      }
    },
  });
  for (const item of ["1", "2", "3", "bad"]) queue.add(item);
  const closed = queue.close();
  await second.promise;
  queue.abandon();
  await closed;
  assert.equal(queue.stats().exported, 2);
  assert.deepEqual(queue.stats().dropped, { ...NOTHING_DROPPED, shutdown: 2 });
  assertAccounted(queue, 4);
});

Deno.test("BatchQueue takes nothing more once it was abandoned", () => {
  const { queue, batches } = queueOf();
  queue.abandon();
  queue.add("late");
  assert.deepEqual(queue.stats().dropped, { ...NOTHING_DROPPED, shutdown: 1 });
  assert.deepEqual(batches, []);
});

Deno.test("BatchQueue cuts batches by bytes, and sends what is larger alone", async () => {
  const { queue, batches } = queueOf({
    instant: true,
    sizes: { ...SIZES, maxExportBatchBytes: 10 },
    sizeOf: ({ length }) => length,
  });
  for (const length of [4, 4, 4, 25, 1, 1]) queue.add("x".repeat(length));
  await queue.close();
  assert.deepEqual(
    batches.map((batch) => batch.map(({ length }) => length)),
    [[4, 4], [4], [25], [1, 1]],
  );
  assert.equal(queue.stats().exported, 6);
});

Deno.test("BatchQueue begins to export when a batch is full by its bytes", () => {
  const { queue, batches } = queueOf({
    sizes: { ...SIZES, maxExportBatchBytes: 10 },
    sizeOf: ({ length }) => length,
  });
  queue.add("x".repeat(9));
  assert.equal(batches.length, 0);
  queue.add("x");
  assert.deepEqual(batches, [["x".repeat(9), "x"]]);
  queue.abandon();
});

Deno.test("BatchQueue bounds the bytes of what waits and what is under way, and counts the rest", async () => {
  const { queue, begun, end } = queueOf({
    sizes: { ...SIZES, maxQueueBytes: 20, maxExportBatchBytes: 10 },
    sizeOf: ({ length }) => length,
  });
  for (let index = 0; index < 5; index++) queue.add("x".repeat(5));
  assert.equal(queue.stats().inFlight, 2);
  assert.deepEqual(queue.stats().dropped, { ...NOTHING_DROPPED, memory_full: 1 });
  const flushed = queue.flush();
  await begun();
  end();
  await begun();
  queue.add("x".repeat(10));
  assert.equal(queue.stats().dropped.memory_full, 1, "the first batch's bytes are free again");
  end();
  await flushed;
  queue.abandon();
  assertAccounted(queue, 6);
});

Deno.test("BatchQueue survives an item that cannot be measured", async () => {
  const { queue } = queueOf({
    instant: true,
    sizeOf: () => {
      throw new Error("getter");
    },
  });
  queue.add("1");
  await queue.close();
  assert.equal(queue.stats().exported, 1);
});

Deno.test("BatchQueue has no timeout for an export where it is 0", async () => {
  const { queue, begun, end } = queueOf({ sizes: { ...SIZES, exportTimeoutMillis: 0 } });
  queue.add("1");
  const closed = queue.close();
  await begun();
  // A timer of none would have fired by the time that this one does.
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(queue.stats().inFlight, 1);
  end();
  await closed;
  assert.equal(queue.stats().exported, 1);
});

Deno.test("BatchQueue exports only when what it waits for is ready", async () => {
  const ready = Promise.withResolvers<void>();
  const { queue, batches } = queueOf({ instant: true, ready: () => ready.promise });
  queue.add("1");
  const closed = queue.close();
  await Promise.resolve();
  assert.deepEqual(batches, []);
  ready.resolve();
  await closed;
  assert.deepEqual(batches, [["1"]]);
});

Deno.test("BatchQueue holds a flush of 10,000 items, and not of those that come later", async () => {
  const { queue } = queueOf({
    instant: true,
    sizes: { ...SIZES, maxQueueSize: 20_000, maxExportBatchSize: 512 },
  });
  for (let index = 0; index < 10_000; index++) queue.add(`${index}`);
  await queue.flush();
  assert.equal(queue.stats().exported, 10_000);
  assertAccounted(queue, 10_000);
});

Deno.test("BatchQueue refuses sizes with which it would never end", () => {
  for (const bad of [0, -1, 1.5, NaN]) {
    assert.throws(
      () => queueOf({ sizes: { ...SIZES, maxExportBatchSize: bad } }),
      (error) =>
        error instanceof RangeError &&
        error.message ===
          `Cannot batch with maxExportBatchSize "${bad}": expected a whole number above 0`,
    );
  }
  assert.throws(() => queueOf({ sizes: { ...SIZES, scheduledDelayMillis: NaN } }), RangeError);
});

Deno.test("BatchQueue exports a full queue where a batch would be larger than the queue", () => {
  const { queue, batches } = queueOf({ sizes: { ...SIZES, maxQueueSize: 2 } });
  queue.add("1");
  queue.add("2");
  assert.deepEqual(batches, [["1", "2"]]);
  queue.abandon();
});
