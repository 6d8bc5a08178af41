import { setImmediate } from "node:timers";

/** How long work may hold the thread before others have a turn. */
const TURN_MILLIS = 4;

/** Lets a long piece of work give way, so that the page stays answered under full load. */
export class Pause {
  #until = performance.now() + TURN_MILLIS;
  #calls = 0;

  /** Whether it is time to {@linkcode rest}. */
  get due(): boolean {
    // Asking the clock costs more than most items do.
    return (++this.#calls & 7) === 0 && performance.now() >= this.#until;
  }

  /** Gives way until every event that waits was handled. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#until = performance.now() + TURN_MILLIS;
  }
}
