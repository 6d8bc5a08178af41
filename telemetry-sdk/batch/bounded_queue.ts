/** Items in the order of their arrival, bounded by number and by bytes. */
export class BoundedQueue<Item> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  #items: Item[] = [];
  #sizes: number[] = [];
  #bytes = 0;
  /** Bytes that were taken out and are still held by the export under way. */
  #held = 0;

  /**
   * @param maxItems How many items it holds at most.
   * @param maxBytes How many bytes, those of the items taken and not yet released among them.
   */
  constructor(maxItems: number, maxBytes: number) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  /** How many items wait. */
  get length(): number {
    return this.#items.length;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an item, or says why it cannot. */
  add(item: Item, size: number): "queue_full" | "memory_full" | undefined {
    if (this.#items.length >= this.#maxItems) return "queue_full";
    if (this.#held + this.#bytes + size > this.#maxBytes) return "memory_full";
    this.#items.push(item);
    this.#sizes.push(size);
    this.#bytes += size;
    return undefined;
  }

  /** Takes the next batch out, of at least one item; its bytes count until {@linkcode release}. */
  take(maxItems: number, maxBytes: number): Item[] {
    let count = 0;
    let bytes = 0;
    while (count < maxItems && count < this.#items.length) {
      const size = this.#sizes[count] ?? 0;
      if (count > 0 && bytes + size > maxBytes) break;
      bytes += size;
      count++;
    }
    this.#sizes.splice(0, count);
    this.#bytes -= bytes;
    this.#held += bytes;
    return this.#items.splice(0, count);
  }

  /** Forgets the bytes of what was taken. */
  release(): void {
    this.#held = 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.#items = [];
    this.#sizes = [];
    this.#bytes = 0;
    this.#held = 0;
  }
}
