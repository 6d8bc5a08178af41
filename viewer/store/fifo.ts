/** Below this, moving what is left costs less than keeping room for what is gone. */
const SMALL = 64;

/**
 * A queue whose elements keep their numbers: the first one ever pushed is 0, and so on. Taking from
 * the front does not move the rest, as `Array.shift` would.
 */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;
  /** The number of the element at place 0 of the array. */
  #base = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The number of the oldest element. */
  get first(): number {
    return this.#base + this.#head;
  }

  /** The number that the next element will have. */
  get next(): number {
    return this.#base + this.#items.length;
  }

  /** Puts an element at the end and gives its number. */
  push(item: Item): number {
    return this.#base + this.#items.push(item) - 1;
  }

  /** The element with a number, while it is there. */
  at(number: number): Item | undefined {
    return number < this.first ? undefined : this.#items[number - this.#base];
  }

  /** Takes the oldest element. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > SMALL && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#base += this.#head;
      this.#head = 0;
    }
    return item;
  }

  /** The elements from the oldest on. */
  *[Symbol.iterator](): Generator<Item> {
    for (let number = this.first; number < this.next; number++) {
      yield this.#items[number - this.#base] as Item;
    }
  }

  /** The elements before a number, the newest first, each with its number. */
  *backwards(before: number = this.next): Generator<readonly [number, Item]> {
    for (let number = Math.min(before, this.next) - 1; number >= this.first; number--) {
      // What is between `first` and `next` is there, even where `Item` itself may be undefined.
      yield [number, this.#items[number - this.#base] as Item];
    }
  }
}
