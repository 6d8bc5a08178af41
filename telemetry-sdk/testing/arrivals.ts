/** How long to wait. */
export interface WaitOptions {
  /** 5 seconds unless told; a test that passes never waits it out. */
  readonly timeoutMillis?: number;
}

/** Lets tests wait for what is recorded, without asking again and again. */
export class Arrivals {
  readonly #waiting = new Set<() => void>();
  #closed = false;

  /**
   * Waits until something is there.
   *
   * @param look Gives it as soon as it is there; asked now, and whenever something is recorded.
   * @param describe What was waited for, and what there is instead.
   * @throws {Error} At the timeout, and when the telemetry is disposed of.
   */
  until<Found>(
    look: () => Found | undefined,
    describe: () => string,
    { timeoutMillis = 5000 }: WaitOptions = {},
  ): Promise<Found> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        act();
      };
      const check = () => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
          else if (this.#closed) {
            settle(() => reject(new Error(`The test telemetry was disposed of: ${describe()}`)));
          }
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`Nothing after ${timeoutMillis} ms: ${describe()}`))),
        timeoutMillis,
      );
      this.#waiting.add(check);
      check();
    });
  }

  /** Says that something was recorded. */
  notify(): void {
    for (const check of [...this.#waiting]) check();
  }

  /** Says that nothing will be recorded any more. */
  close(): void {
    this.#closed = true;
    this.notify();
  }
}
