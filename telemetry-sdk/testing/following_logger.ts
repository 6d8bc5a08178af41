import {
  createNoopLogger,
  type Logger,
  type LoggerOptions,
  type LoggerProvider,
  type LogRecord,
} from "@opentelemetry/api-logs";
import { runningTest } from "./running.ts";

/** The provider that a test registers: its loggers log into whichever test runs at that moment. */
export class FollowingLoggerProvider implements LoggerProvider {
  getLogger(name: string, version?: string, options?: LoggerOptions): Logger {
    return new FollowingLogger((provider) => provider.getLogger(name, version, options));
  }
}

const NOOP_LOGGER = createNoopLogger();

class FollowingLogger implements Logger {
  readonly #of: (provider: LoggerProvider) => Logger;

  constructor(of: (provider: LoggerProvider) => Logger) {
    this.#of = of;
  }

  emit(record: LogRecord): void {
    const test = runningTest();
    if (test === undefined) return;
    const now = test.clock?.now();
    this.#of(test.loggers).emit(
      now === undefined ? record : {
        ...record,
        timestamp: record.timestamp ?? now,
        observedTimestamp: record.observedTimestamp ?? now,
      },
    );
  }

  enabled(options?: Parameters<Logger["enabled"]>[0]): boolean {
    const test = runningTest();
    return (test === undefined ? NOOP_LOGGER : this.#of(test.loggers)).enabled(options);
  }
}
