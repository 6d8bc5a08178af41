/** Lets a loop sleep until something happens or a time is over, whichever comes first. */
export class Wakeup {
  #rung = false;
  #wake: (() => void) | undefined;

  /** Wakes the sleeper; where nobody sleeps, the next sleep ends at once. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Sleeps. */
  async sleep(millis: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, millis);
      await promise;
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
