/** What one look at the event loop found, in seconds. */
export interface DelaySummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

const INTERVAL_MILLIS = 20;
/** A minute of samples, so that what is told does not depend on who reads it and how often. */
const WINDOW = 60_000 / INTERVAL_MILLIS;

/**
 * How late the event loop runs what is due, over the last minute. Measured with a timer: Deno's
 * `monitorEventLoopDelay` is blind to a loop that is blocked, and its utilisation reads 0.
 */
export class EventLoopDelay {
  readonly #samples = new Float64Array(WINDOW);
  #count = 0;
  #due = 0;
  #timer: number | undefined;

  /** Starts sampling; this keeps no process alive. */
  start(): void {
    if (this.#timer === undefined) this.#schedule();
  }

  /** Stops sampling. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Adds a sample, in seconds. */
  record(seconds: number): void {
    this.#samples[this.#count % WINDOW] = seconds;
    this.#count += 1;
  }

  /** The samples of the last minute, or `undefined` before the first. */
  summary(): DelaySummary | undefined {
    const samples = this.#samples.slice(0, Math.min(this.#count, WINDOW)).sort();
    const { length } = samples;
    if (length === 0) return undefined;
    const at = (quantile: number) => samples[Math.ceil(quantile * length) - 1] as number;
    const mean = samples.reduce((sum, sample) => sum + sample, 0) / length;
    const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / length;
    return {
      min: samples[0] as number,
      max: samples[length - 1] as number,
      mean,
      stddev: Math.sqrt(variance),
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
    };
  }

  #schedule(): void {
    this.#due = performance.now() + INTERVAL_MILLIS;
    // The runtime's timer, whatever the types of Node make of it.
    this.#timer = setTimeout(() => {
      // A timer may fire a little early: it was not late then.
      this.record(Math.max(0, performance.now() - this.#due) / 1_000);
      this.#schedule();
    }, INTERVAL_MILLIS) as unknown as number;
    Deno.unrefTimer(this.#timer);
  }
}
