interface Waiter {
  /** Looks again; true when it has settled. */
  readonly check: () => boolean;
  readonly fail: (error: Error) => void;
}

/** How long to wait, and what to say when it was in vain. */
export interface WaitOptions {
  /** 10 s unless given: long enough for a loaded machine, since a passing test never waits it out. */
  readonly timeoutMillis?: number | undefined;
  /** What there is instead of what was waited for. */
  readonly describe: () => string;
}

/** Lets a test wait for a state that something else brings about, without polling. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  /**
   * Resolves with what `look` gives as soon as that is not undefined. It looks now and at each
   * `notify`.
   *
   * @throws {Error} At the timeout, and with the error that `failAll` gets.
   */
  until<Found>(
    look: () => Found | undefined,
    { timeoutMillis = 10_000, describe }: WaitOptions,
  ): Promise<Found> {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const check = () => {
      try {
        const found = look();
        if (found !== undefined) resolve(found);
        return found !== undefined;
      } catch (error) {
        reject(error);
        return true;
      }
    };
    if (check()) return promise;
    const waiter: Waiter = { check, fail: reject };
    this.#waiting.add(waiter);
    const timer = setTimeout(
      () => reject(new Error(`Nothing after ${timeoutMillis} ms: ${describe()}`)),
      timeoutMillis,
    );
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(waiter);
    });
  }

  /** Says that the state has changed. */
  notify(): void {
    for (const waiter of this.#waiting) waiter.check();
  }

  /** Says that the state will never change again. */
  failAll(error: Error): void {
    for (const waiter of this.#waiting) waiter.fail(error);
  }
}
