/**
 * Lets something else happen right before the next commit of a real KV, as another process would
 * have it: what it does itself is committed undisturbed.
 */
export function beforeNextCommit(kv: Deno.Kv, meanwhile: () => Promise<unknown>): void {
  const atomic = kv.atomic.bind(kv);
  kv.atomic = () => {
    const operation = atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = async () => {
      kv.atomic = atomic;
      const first = meanwhile;
      meanwhile = () => Promise.resolve();
      await first();
      return await commit();
    };
    return operation;
  };
}

/** Lets something else happen right before the next listing of a real KV. */
export function beforeNextList(kv: Deno.Kv, meanwhile: () => Promise<unknown>): void {
  const list = kv.list.bind(kv);
  kv.list = <T>(...args: Parameters<Deno.Kv["list"]>): Deno.KvListIterator<T> => {
    kv.list = list;
    const entries = (async function* () {
      await meanwhile();
      yield* list<T>(...args);
    })();
    return Object.assign(entries, { cursor: "" }) as unknown as Deno.KvListIterator<T>;
  };
}
