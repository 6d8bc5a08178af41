import { createLogger, type Logger } from "../telemetry/logger.ts";

/** Reports whoever is broken, once: what fails for one event mostly fails for all. */
export class FaultReport {
  readonly #reported = new WeakSet<object>();
  #logger: Logger | undefined;

  /** @param logger Where it is reported; a logger on standard output unless told. */
  constructor(logger?: Logger) {
    this.#logger = logger;
  }

  /**
   * Reports a failure, unless one of the same culprit was reported before.
   *
   * @param kind What the culprit is.
   * @param culprit The one that failed.
   * @param error What it threw.
   */
  report(kind: "listener" | "scope", culprit: object, error: unknown): void {
    if (this.#reported.has(culprit)) return;
    this.#reported.add(culprit);
    this.#logger ??= createLogger({ name: "echelon.debugger" });
    this.#logger.warn(`a debug ${kind} failed and was passed over; it is not reported again`, {
      error,
    });
  }
}
