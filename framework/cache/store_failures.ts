import type { Logger } from "../telemetry/logger.ts";
import { recordSpanException } from "../telemetry/otel.ts";

/** What becomes of a look-up or a write whose store fails. */
export type StoreFailureMode = "degrade" | "throw";

/**
 * What a cache does about a store that fails: it goes on without it, and says so, or throws. Each
 * failure is recorded on the span it happened in; the log gets a line when it begins and one when it
 * is over, since a store that is down fails at every request.
 */
export class StoreFailures {
  readonly #mode: StoreFailureMode;
  readonly #log: Logger;
  readonly #failing = new Set<string>();

  /** @param mode What to do. @param log Where to say it. */
  constructor(mode: StoreFailureMode, log: Logger) {
    this.#mode = mode;
    this.#log = log;
  }

  /**
   * Deals with a failure that somebody waits for; called inside the operation's span.
   *
   * @param what The store's source, or what else it was: few values.
   * @throws What was thrown, where failures are thrown.
   */
  failed(what: string, error: unknown): void {
    if (this.#mode === "throw") throw error;
    recordSpanException(error);
    this.say(what, error);
  }

  /** Logs a failure that nobody waits for, unless it is the one that was logged already. */
  say(what: string, error: unknown): void {
    if (this.#failing.has(what)) return;
    this.#failing.add(what);
    this.#log.warn("cache is failing, going on without it", { source: what, error });
  }

  /** Notes that something worked. */
  worked(what: string): void {
    if (this.#failing.size === 0 || !this.#failing.delete(what)) return;
    this.#log.info("cache is working again", { source: what });
  }
}
