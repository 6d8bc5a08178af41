import assert from "node:assert/strict";
import { startReceiver } from "../../_otlp_receiver.ts";
import { run, said } from "../_run.ts";

const PROGRAM = new URL("./_programs/console.ts", import.meta.url);

/** Runs the program, and tells what it wrote and what arrived. */
async function runProgram(mode: string | undefined, allow?: readonly string[]) {
  await using receiver = startReceiver();
  await using process = await run({
    program: PROGRAM,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    ...(mode !== undefined && { mode }),
    ...(allow &&
      { allow: allow.map((flag) => flag.replace("RECEIVER", `127.0.0.1:${receiver.port}`)) }),
  });
  assert.equal(process.code, 0, process.lines.join("\n"));
  const [span] = receiver.spans();
  return {
    stdout: process.stdout,
    stderr: process.stderr.filter((line) => !line.startsWith("echelon telemetry:")),
    said: said(process),
    logs: receiver.logs(),
    span,
  };
}

/** The line that the logger writes, in every mode: its record is its own, and not the console's. */
function assertLoggedOnce({ stdout, logs, span }: Awaited<ReturnType<typeof runProgram>>): void {
  const lines = stdout.filter((line) => line.includes("low on tea"));
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").spanId, span?.spanId);
  const records = logs.filter(({ body }) => String(body).includes("low on tea"));
  assert.equal(records.length, 1);
  const [record] = records;
  assert.equal(record?.scope.name, "@echelon/framework");
  assert.equal(record.severityNumber, 13);
  assert.equal(record.traceId, span?.traceId);
  assert.equal(record.spanId, span?.spanId);
  assert.equal(record.attributes["left"], 2);
  assert.equal(record.attributes["exception.type"], "RangeError");
}

Deno.test("the console mode capture records the console, and it is printed as ever", async () => {
  const result = await runProgram("capture");
  assertLoggedOnce(result);
  const { stdout, stderr, logs, span } = result;
  assert.equal(stdout[0], "outside any span { n: 1 }");
  assert.equal(stdout.at(-1), '{ left: "alone" }');
  assert.match(stderr.join("\n"), /^failed: TypeError: no tea\n/);
  const [outside, failed, ...others] = logs.filter(({ scope }) =>
    scope.name === "@echelon/telemetry-sdk"
  );
  assert.deepEqual(others, []);
  assert.equal(outside?.body, "outside any span { n: 1 }");
  assert.equal(outside.severityNumber, 9);
  assert.equal(outside.traceId, undefined);
  assert.equal(failed?.severityNumber, 17);
  assert.equal(failed.spanId, span?.spanId);
  assert.equal(failed.attributes["exception.type"], "TypeError");
  assert.equal(failed.attributes["exception.message"], "no tea");
  assert.equal(failed.attributes["log.iostream"], "stderr");
});

Deno.test("the console mode replace records the console in place of printing it", async () => {
  const result = await runProgram("replace");
  assertLoggedOnce(result);
  const { stdout, stderr, logs, said } = result;
  assert.equal(stdout.some((line) => line.includes("outside any span")), false);
  assert.deepEqual(stderr, []);
  assert.notEqual(said.length, 0, "what the SDK says is printed");
  assert.equal(logs.length, 3);
});

Deno.test("the console is left alone by default", async () => {
  const result = await runProgram(undefined);
  assertLoggedOnce(result);
  assert.equal(result.stdout[0], "outside any span { n: 1 }");
  assert.equal(result.logs.length, 1);
});

Deno.test("the console is bridged with no permission but for the variables and the receiver", async () => {
  const result = await runProgram("capture", ["--allow-env", "--allow-net=RECEIVER"]);
  assertLoggedOnce(result);
  assert.equal(result.logs.length, 3);
});
