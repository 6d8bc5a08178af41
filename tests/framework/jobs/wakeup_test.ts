import assert from "node:assert/strict";
import { Wakeup } from "../../../framework/jobs/wakeup.ts";

Deno.test("Wakeup.sleep() ends when it is rung for, now or before", async () => {
  const wakeup = new Wakeup();
  const asleep = wakeup.sleep(600_000);
  wakeup.ring();
  await asleep;
  wakeup.ring();
  wakeup.ring();
  await wakeup.sleep(600_000);
});

Deno.test("Wakeup.sleep() ends by itself, and one ring ends one sleep", async () => {
  const wakeup = new Wakeup();
  wakeup.ring();
  await wakeup.sleep(600_000);
  let over = false;
  const asleep = wakeup.sleep(1).then(() => over = true);
  await Promise.resolve();
  assert.equal(over, false);
  await asleep;
});
