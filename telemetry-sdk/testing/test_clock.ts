/**
 * A clock that stands still until a test moves it. Given to `startTestTelemetry`, it tells when spans start and
 * end, when their events happen and when log records are written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { TestClock } from "@echelon/telemetry-sdk/testing";
 *
 * const clock = new TestClock("2026-05-01T12:00:00Z");
 * clock.advance(1500);
 * assert.equal(clock.now().toISOString(), "2026-05-01T12:00:01.500Z");
 * ```
 */
export class TestClock {
  #millis: number;

  /**
   * @param start The first moment; the beginning of 2026 unless told.
   * @throws {RangeError} When it is no date.
   */
  constructor(start: Date | string | number = "2026-01-01T00:00:00Z") {
    this.#millis = new Date(start).getTime();
    if (Number.isNaN(this.#millis)) {
      throw new RangeError(`Cannot start a clock at "${start}": expected a date`);
    }
  }

  /** The moment that it shows. */
  now(): Date {
    return new Date(this.#millis);
  }

  /**
   * Moves it forward.
   *
   * @param millis How far, in whole milliseconds.
   * @throws {RangeError} When that is negative, or not whole: a clock that runs backwards makes spans that end
   * before they start.
   */
  advance(millis: number): void {
    if (!Number.isSafeInteger(millis) || millis < 0) {
      throw new RangeError(
        `Cannot advance a clock by "${millis}": expected whole milliseconds, 0 or more`,
      );
    }
    this.#millis += millis;
  }
}
