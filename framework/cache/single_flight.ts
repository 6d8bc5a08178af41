/** One computation under way, which others may join. */
export interface Flight<Found, Value> {
  /** What its look-up found. */
  readonly found: Promise<Found>;
  /** What it comes to. */
  readonly value: Promise<Value>;
  /** What can overtake it, beside its key. */
  readonly tags: readonly string[];
  /** Whether what it computes from has changed meanwhile: its value is not to be kept. */
  readonly overtaken: boolean;
}

/** What a flight is made of. */
export interface FlightPlan<Found, Value> {
  /** The look-up, already begun. */
  readonly found: Promise<Found>;
  readonly tags: readonly string[];
  /** What follows the look-up. */
  readonly proceed: (found: Found, flight: Flight<Found, Value>) => Value | Promise<Value>;
}

class RunningFlight<Found, Value> implements Flight<Found, Value> {
  readonly found: Promise<Found>;
  readonly tags: readonly string[];
  readonly value: Promise<Value>;
  overtaken = false;

  constructor(plan: FlightPlan<Found, Value>, landed: (flight: Flight<Found, Value>) => void) {
    this.found = plan.found;
    this.tags = plan.tags;
    this.value = this.#run(plan, landed);
    // Nobody may have joined, and then nobody else handles it.
    this.value.catch(() => {});
  }

  async #run(
    plan: FlightPlan<Found, Value>,
    landed: (flight: Flight<Found, Value>) => void,
  ): Promise<Value> {
    try {
      return await plan.proceed(await this.found, this);
    } finally {
      landed(this);
    }
  }
}

/**
 * At most one computation for each key at a time. Look-up and computation are one flight, so that
 * there is no moment between them in which another could begin.
 */
export class SingleFlight<Found, Value> {
  readonly #flights = new Map<string, RunningFlight<Found, Value>>();

  /** The flight that is under way for a key and may be joined. */
  get(key: string): Flight<Found, Value> | undefined {
    return this.#flights.get(key);
  }

  /** Every flight under way that may be joined. */
  all(): Flight<Found, Value>[] {
    return [...this.#flights.values()];
  }

  /** Begins a flight. Look with `get` first, with no `await` in between. */
  begin(key: string, plan: FlightPlan<Found, Value>): Flight<Found, Value> {
    const flight = new RunningFlight(plan, (landed) => {
      if (this.#flights.get(key) === landed) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** Lets nobody else join the flight of a key: what it computes is out of date. */
  overtake(key: string): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.overtaken = true;
    this.#flights.delete(key);
  }

  /** The same for every flight with this tag, or for all of them. */
  overtakeAll(tag?: string): void {
    for (const [key, flight] of this.#flights) {
      if (tag === undefined || flight.tags.includes(tag)) this.overtake(key);
    }
  }
}
