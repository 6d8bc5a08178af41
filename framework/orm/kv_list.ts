import {
  type DbScope,
  type OpenDbSpan,
  openDbSpan,
  setReturnedRows,
  withActiveSpan,
} from "./telemetry.ts";

/**
 * A list whose whole iteration is one `kv.list` span: from the first entry that is asked for to the
 * last one, or to where the loop is left.
 */
export class TracedKvListIterator<T> implements Deno.KvListIterator<T> {
  readonly #entries: Deno.KvListIterator<T>;
  readonly #scope: DbScope;
  #open: OpenDbSpan | undefined;
  #rows = 0;
  #over = false;

  /**
   * @param entries KV's own iterator, not yet begun.
   * @param scope What the span says of where it went.
   */
  constructor(entries: Deno.KvListIterator<T>, scope: DbScope) {
    this.#entries = entries;
    this.#scope = scope;
  }

  /** Where the list stands, to go on from there later. */
  get cursor(): string {
    return this.#entries.cursor;
  }

  /** The next entry; runs with the list's span as the active one. */
  async next(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
    if (this.#over) return await this.#entries.next();
    this.#open ??= openDbSpan("kv.list", this.#scope);
    try {
      const result = await withActiveSpan(this.#open.span, () => this.#entries.next());
      if (result.done === true) this.#end();
      else this.#rows++;
      return result;
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  /** Ends the list early, as a loop that is left does. */
  return(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Deno.KvEntry<T>> {
    return this;
  }

  #end(...error: [] | [unknown]): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#open === undefined) return;
    setReturnedRows(this.#open.span, this.#rows);
    this.#open.end(...error);
  }
}
