/** A clock that stands still until a test moves it. */
export class Clock {
  #millis = 1_700_000_000_000;

  /** The time, as a cache asks for it. */
  readonly now = (): number => this.#millis;

  /** Moves the time on. */
  advance(seconds: number): void {
    this.#millis += seconds * 1000;
  }
}
