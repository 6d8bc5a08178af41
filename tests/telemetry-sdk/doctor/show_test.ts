import assert from "node:assert/strict";
import { examinationText } from "../../../telemetry-sdk/doctor/show.ts";

Deno.test("examinationText() tells what signals share once, and keeps a terminal as it is", () => {
  const shared = {
    state: "problem",
    message: "Bad \x1b[2Janswer.\nok",
    advice: "Mend it.",
  } as const;
  assert.equal(
    examinationText({
      ok: false,
      configuration: "traces -> nowhere",
      variables: ["OTEL_SERVICE_NAME=shop"],
      findings: [
        { check: "runtime", state: "ok", message: "Fine." },
        { check: "traces", ...shared },
        { check: "clock", state: "warning", message: "Late." },
        { check: "logs", ...shared },
      ],
    }),
    [
      "Telemetry: traces -> nowhere",
      "         OTEL_SERVICE_NAME=shop",
      "",
      "ok       runtime: Fine.",
      "problem  traces, logs: Bad  [2Janswer. ok",
      "         Mend it.",
      "warning  clock: Late.",
      "",
      "2 problems, 1 warning",
    ].join("\n"),
  );
});
