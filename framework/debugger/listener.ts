import type { DebugEvent } from "./events.ts";
import type { FaultReport } from "./fault_report.ts";

/** Hears of every event. */
export interface DebugListener {
  /** Is told what happened, while it happens: the active span is the one it happened in. */
  handleEvent(event: DebugEvent): void;
}

/** A listener that is only a function. */
export type DebugListenerFunction = (event: DebugEvent) => void;

/** A listener that emits from within its own call is heard this deep, and no deeper. */
const MAX_DEPTH = 4;

/** The listeners of one debugger, none of which can break what it hears of. */
export class Listeners {
  readonly #faults: FaultReport;
  readonly #handlers = new Map<DebugListener | DebugListenerFunction, DebugListenerFunction>();
  #depth = 0;

  /** @param faults Hears of the broken ones. */
  constructor(faults: FaultReport) {
    this.#faults = faults;
  }

  /** How many there are. */
  get size(): number {
    return this.#handlers.size;
  }

  /** Adds one, unless it is there already. */
  add(listener: DebugListener | DebugListenerFunction): void {
    this.#handlers.set(
      listener,
      typeof listener === "function" ? listener : (event) => listener.handleEvent(event),
    );
  }

  /** Takes one away. */
  remove(listener: DebugListener | DebugListenerFunction): void {
    this.#handlers.delete(listener);
  }

  /** Tells each of them. */
  tell(event: DebugEvent): void {
    if (this.#depth >= MAX_DEPTH) return;
    this.#depth += 1;
    for (const [listener, handle] of this.#handlers) {
      const report = (error: unknown) => this.#faults.report("listener", listener, error);
      try {
        const returned: unknown = handle(event);
        // An asynchronous function passes for a listener; its rejection would end the process.
        if (returned instanceof Promise) returned.catch(report);
      } catch (error) {
        report(error);
      }
    }
    this.#depth -= 1;
  }
}
