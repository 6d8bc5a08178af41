import assert from "node:assert/strict";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import type { Logger, LogRecord } from "@opentelemetry/api-logs";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { suppressTracing } from "@opentelemetry/core";
import { installConsoleBridge } from "../../../telemetry-sdk/logs/console_bridge.ts";

/** A console that keeps what it prints, and a logger that keeps what it gets. */
function bridged(mode: "capture" | "replace", overrides: Partial<Logger> = {}) {
  const printed: unknown[][] = [];
  const records: LogRecord[] = [];
  const print = (method: string) => (...args: unknown[]) => void printed.push([method, ...args]);
  const target = {
    debug: print("debug"),
    log: print("log"),
    info: print("info"),
    warn: print("warn"),
    error: print("error"),
    trace: print("trace"),
    assert: print("assert"),
  };
  const original = { ...target };
  const logger = { emit: (record: LogRecord) => void records.push(record), enabled: () => true };
  const remove = installConsoleBridge({ mode, logger: { ...logger, ...overrides }, target });
  return { target, original, printed, records, remove };
}

Deno.test("installConsoleBridge() records each method with its severity, and prints it as before", () => {
  const { target, printed, records, remove } = bridged("capture");
  target.debug("d %s", 1);
  target.log("l", { a: 1 });
  target.info("i");
  target.warn("w");
  target.error("e");
  target.trace("t");
  target.assert(1 < 0, "a", 2);
  target.assert(1 > 0, "holds");
  assert.deepEqual(printed, [
    ["debug", "d %s", 1],
    ["log", "l", { a: 1 }],
    ["info", "i"],
    ["warn", "w"],
    ["error", "e"],
    ["trace", "t"],
    ["assert", false, "a", 2],
    ["assert", true, "holds"],
  ]);
  assert.deepEqual(
    records.map(({ severityNumber, severityText, body, attributes }) => [
      severityNumber,
      severityText,
      body,
      attributes?.["log.iostream"],
    ]),
    [
      [5, "debug", "d 1", "stdout"],
      [9, "info", "l { a: 1 }", "stdout"],
      [9, "info", "i", "stdout"],
      [13, "warn", "w", "stderr"],
      [17, "error", "e", "stderr"],
      [9, "info", "t", "stderr"],
      [17, "error", "Assertion failed: a 2", "stderr"],
    ],
  );
  const stack = String(records[5]?.attributes?.["code.stacktrace"]);
  assert.match(stack, /console_bridge_test\.ts/);
  assert.doesNotMatch(stack, /console_bridge\.ts/);
  remove();
});

Deno.test("installConsoleBridge() writes the first error as the exception", () => {
  const { target, records } = bridged("replace");
  target.error("failed", new RangeError("too far"), new Error("second"));
  const { attributes } = records[0] ?? {};
  assert.equal(attributes?.["exception.type"], "RangeError");
  assert.equal(attributes?.["exception.message"], "too far");
  assert.match(String(attributes?.["exception.stacktrace"]), /console_bridge_test/);
});

Deno.test("installConsoleBridge() prints nothing of what it replaces", () => {
  const { target, printed, records } = bridged("replace");
  target.log("one");
  target.assert(false);
  assert.deepEqual(printed, []);
  assert.deepEqual(records.map(({ body }) => body), ["one", "Assertion failed"]);
});

Deno.test("installConsoleBridge() prints what cannot be recorded, whatever the mode", () => {
  const off = bridged("replace", { enabled: () => false });
  off.target.log("off");
  assert.deepEqual(off.printed, [["log", "off"]]);
  const broken = bridged("replace", {
    emit: () => {
      throw new Error("emit");
    },
  });
  broken.target.log("broken");
  assert.deepEqual(broken.printed, [["log", "broken"]]);
});

Deno.test("installConsoleBridge() records no line that is written while it records", () => {
  const { target, printed, records } = bridged("capture", {
    emit(record) {
      records.push(record);
      target.warn("inner");
    },
  });
  target.log("outer");
  assert.deepEqual(records.map(({ body }) => body), ["outer"]);
  assert.deepEqual(printed, [["warn", "inner"], ["log", "outer"]]);
});

Deno.test("installConsoleBridge() leaves alone what is written in a suppressed context", () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  try {
    const { target, printed, records } = bridged("replace");
    context.with(suppressTracing(ROOT_CONTEXT), () => target.log("exporter's"));
    assert.deepEqual([printed, records], [[["log", "exporter's"]], []]);
  } finally {
    context.disable();
  }
});

Deno.test("installConsoleBridge() gives back a method only where it still is the bridge's", () => {
  const { target, original, printed, records, remove } = bridged("replace");
  const bridge = target.log;
  const theirs = (...args: unknown[]) => bridge("theirs", ...args);
  target.log = theirs;
  remove();
  assert.equal(target.log, theirs);
  assert.equal(target.warn, original.warn);
  target.log("after");
  assert.deepEqual([printed, records], [[["log", "theirs", "after"]], []]);
});
