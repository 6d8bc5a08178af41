import { type DbScope, openDbSpan, setReturnedRows } from "./telemetry.ts";

/**
 * Follows a watch with one `kv.watch` span, from the call to the end of the stream. Its duration
 * metric tells the time to the first answer: how long somebody kept watching says nothing of KV.
 *
 * @param changes KV's own stream.
 * @param scope What the span says of where it went.
 * @returns The same changes.
 */
export function tracedWatch<T>(changes: ReadableStream<T>, scope: DbScope): ReadableStream<T> {
  const open = openDbSpan("kv.watch", scope);
  const reader = changes.getReader();
  let answers = 0;
  let over = false;
  const end = (...error: [] | [unknown]) => {
    if (over) return;
    over = true;
    setReturnedRows(open.span, answers);
    open.end(...error);
  };
  // KV may be closed while nobody reads.
  reader.closed.then(() => end(), end);
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) {
        end();
        return controller.close();
      }
      open.answered();
      answers++;
      controller.enqueue(value);
    },
    async cancel(reason) {
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
