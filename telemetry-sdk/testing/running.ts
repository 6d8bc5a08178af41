import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { LoggerProvider } from "@opentelemetry/api-logs";
import type { TestClock } from "./test_clock.ts";

/** Where the telemetry of the test that runs now goes. */
export interface RunningTest {
  readonly tracers: TracerProvider;
  readonly meters: MeterProvider;
  readonly loggers: LoggerProvider;
  readonly clock: TestClock | undefined;
}

/** Copies of this package in one process meet here. */
const RUNNING = Symbol.for("@echelon/test-telemetry");
const holder: typeof globalThis & { [RUNNING]?: RunningTest } = globalThis;

/**
 * The test that runs now.
 *
 * A module keeps the tracer that it got during one test; the API binds it to the provider of that test for
 * ever. So what this package hands out looks the test up at each use.
 */
export function runningTest(): RunningTest | undefined {
  return holder[RUNNING];
}

/** Makes a test the one that runs. */
export function enterTest(test: RunningTest): void {
  holder[RUNNING] = test;
}

/** Ends a test, unless another one runs by now. */
export function leaveTest(test: RunningTest): void {
  if (holder[RUNNING] === test) delete holder[RUNNING];
}
