/** Numbers that look random and come again with the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number {
    // xorshift32: a few lines, and good enough to choose characters.
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  pick<T>(items: ArrayLike<T>): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("Nothing to pick from");
    return item;
  }

  /** A text of characters from an alphabet. */
  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join("");
  }

  /** Any UTF-16 code units, halves of surrogate pairs among them. */
  anyText(length: number): string {
    const ranges = [0x80, 0x100, 0x10000] as const;
    return Array.from({ length }, () => String.fromCharCode(this.below(this.pick(ranges)))).join(
      "",
    );
  }
}
