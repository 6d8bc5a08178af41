import { type Flight, SingleFlight } from "./single_flight.ts";
import type { StoreFailures } from "./store_failures.ts";
import type { CacheTelemetry } from "./telemetry.ts";

/** What runs in the background; it gets its flight, to see whether it was overtaken. */
export type BackgroundWork = (flight: Flight<void, unknown>) => Promise<unknown>;

/** The refreshes of a cache: work that nobody waits for, one at a time for each key. */
export class Background {
  readonly #flights = new SingleFlight<void, unknown>();
  readonly #pending = new Set<Promise<void>>();
  readonly #telemetry: CacheTelemetry;
  readonly #failures: StoreFailures;

  constructor(telemetry: CacheTelemetry, failures: StoreFailures) {
    this.#telemetry = telemetry;
    this.#failures = failures;
  }

  /** What runs for a key and was not overtaken. */
  get(key: string): Flight<void, unknown> | undefined {
    return this.#flights.get(key);
  }

  /** Begins work for a key, unless some runs already. */
  begin(key: string, tags: readonly string[], work: BackgroundWork): void {
    if (this.#flights.get(key) !== undefined) return;
    const { value } = this.#flights.begin(key, {
      found: Promise.resolve(),
      tags,
      proceed: (_, flight) => this.#telemetry.refresh(key, () => work(flight)),
    });
    const settled = value.then(
      () => this.#failures.worked("refresh"),
      (error) => this.#failures.say("refresh", error),
    ).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
  }

  /** Makes what runs for a key out of date. */
  overtake(key: string): void {
    this.#flights.overtake(key);
  }

  /** The same for all that has this tag, or for everything. */
  overtakeAll(tag?: string): void {
    this.#flights.overtakeAll(tag);
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
