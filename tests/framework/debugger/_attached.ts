import { trace } from "@opentelemetry/api";
import { Debugger } from "../../../framework/debugger/debugger.ts";
import {
  DebuggerOTelBridge,
  type DebuggerOTelBridgeOptions,
} from "../../../framework/debugger/otel_bridge.ts";
import { createLogger, type LogRecord } from "../../../framework/telemetry/logger.ts";
import { type InMemoryTelemetry, inMemoryTelemetry } from "../../_telemetry.ts";

/** A debugger with what it reports of broken listeners and scopes. */
export function reportingDebugger(): { dbg: Debugger; reports: LogRecord[] } {
  const reports: LogRecord[] = [];
  const logger = createLogger({ sinks: [(record) => reports.push(record)] });
  return { dbg: new Debugger({ logger }), reports };
}

/** A debugger whose bridge makes real spans. */
export interface Attached extends Disposable {
  readonly dbg: Debugger;
  readonly bridge: DebuggerOTelBridge;
  readonly telemetry: InMemoryTelemetry;
}

/**
 * Attaches a bridge to a new debugger, as scope and listener.
 *
 * @param options The bridge's, and whether it is a listener only.
 */
export function attached(
  { asScope = true, ...options }: DebuggerOTelBridgeOptions & { asScope?: boolean } = {},
): Attached {
  const telemetry = inMemoryTelemetry();
  const bridge = new DebuggerOTelBridge(trace.getTracer("test"), options);
  const { dbg, reports } = reportingDebugger();
  if (asScope) dbg.addScope(bridge);
  dbg.addListener((event) => bridge.handleEvent(event));
  return {
    dbg,
    bridge,
    telemetry,
    [Symbol.dispose]: () => {
      bridge[Symbol.dispose]();
      telemetry[Symbol.dispose]();
      if (reports[0] !== undefined) throw reports[0].fields.error;
    },
  };
}
