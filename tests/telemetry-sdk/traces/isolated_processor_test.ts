import assert from "node:assert/strict";
import { diag } from "@opentelemetry/api";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { IsolatedSpanProcessor } from "../../../telemetry-sdk/traces/isolated_processor.ts";
import { spanCollector } from "../../_span_collector.ts";
import { providerFor } from "../_spans.ts";

const broken: SpanProcessor = {
  onStart: () => {
    throw new Error("onStart");
  },
  onEnd: () => {
    throw new Error("onEnd");
  },
  forceFlush: () => {
    throw new Error("forceFlush");
  },
  shutdown: () => Promise.reject(new Error("shutdown")),
};

Deno.test("IsolatedSpanProcessor keeps a processor's failures from spans, flush and shutdown", async () => {
  const reported: string[] = [];
  const note = (message: string, error: unknown) => void reported.push(`${message}: ${error}`);
  const ignore = () => {};
  diag.setLogger({ error: note, warn: ignore, info: ignore, debug: ignore, verbose: ignore });
  const finished: ReadableSpan[] = [];
  const provider = providerFor(new IsolatedSpanProcessor(broken), spanCollector(finished));
  provider.getTracer("test").startSpan("kept").end();
  await provider.forceFlush();
  await provider.shutdown();
  diag.disable();
  assert.deepEqual(finished.map(({ name }) => name), ["kept"]);
  assert.deepEqual(
    ["onStart", "onEnd", "forceFlush", "shutdown"].map((method) =>
      reported.includes(`A span processor failed in ${method}(): Error: ${method}`)
    ),
    [true, true, true, true],
    reported.join("; "),
  );
});
