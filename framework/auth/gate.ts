/** Lets so many pieces of work run at a time; the others wait for their turn, in order. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param width How many may run at a time. @throws {RangeError} When it is no positive integer. */
  constructor(width: number) {
    if (!Number.isInteger(width) || width < 1) {
      throw new RangeError(`The width of a gate is ${width}: expected a positive integer`);
    }
    this.#free = width;
  }

  /** Runs `work` when its turn comes. @returns What it returns. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
