import { commitRecord, writeWithRetries } from "./commit.ts";
import type { RecordStore } from "./record_store.ts";
import { CONFLICT } from "./retry.ts";
import { toData } from "./stored_record.ts";

/**
 * Rewrites each record whose stored form is not what the model's definition would write now.
 *
 * @returns How many were rewritten.
 */
export async function migrateRecords<Input, Data extends object, Index extends string>(
  store: RecordStore<Input, Data, Index>,
): Promise<number> {
  let rewritten = 0;
  for await (const { key } of store.kv.list({ prefix: store.key(["record"]) })) {
    const changed = await writeWithRetries(store.definition, async () => {
      const current = await store.read(String(key.at(-1)));
      if (current === null || !store.isStale(current)) return false;
      const atomic = store.kv.atomic();
      const { entity, stored } = current;
      const staged = store.stageUpdate(atomic, current, toData(entity), stored.updatedAt);
      return await commitRecord(store, { atomic, staged }) === CONFLICT ? CONFLICT : true;
    });
    if (changed) rewritten++;
  }
  return rewritten;
}
