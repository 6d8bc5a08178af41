import assert from "node:assert/strict";
import { checkVersions } from "../../../telemetry-sdk/doctor/version_check.ts";

/** What is said of a lock file with these packages, found from a directory below it. */
async function versions(lock: string): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${directory}/deno.lock`, lock);
    await Deno.mkdir(`${directory}/src`);
    return checkVersions(`${directory}/src/`).map(({ state, message }) => `${state}: ${message}`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function lockOf(...packages: string[]): string {
  return JSON.stringify({
    version: "5",
    npm: Object.fromEntries(packages.map((key) => [key, {}])),
  });
}

Deno.test("checkVersions() is content with one version of each package", async () => {
  assert.deepEqual(
    await versions(lockOf(
      "@opentelemetry/api@1.9.1",
      "@opentelemetry/core@2.12.0_@opentelemetry+api@1.9.1",
      "@opentelemetry/api-logs@0.223.0",
      "zod@4.6.7",
      "zod@3.0.0",
    )),
    ["ok: No OpenTelemetry package is there twice."],
  );
});

Deno.test("checkVersions() finds a second or an unfit API, and a second copy of a package", async () => {
  assert.deepEqual(
    await versions(lockOf(
      "@opentelemetry/api@1.10.0",
      "@opentelemetry/api@1.9.1",
      "@opentelemetry/core@2.12.0_@opentelemetry+api@1.9.1",
      "@opentelemetry/core@2.12.1_@opentelemetry+api@1.10.0",
    )),
    [
      "problem: deno.lock has @opentelemetry/api 1.10.0 and 1.9.1: spans lose their parents.",
      "warning: deno.lock has @opentelemetry/core 2.12.0 and 2.12.1: two copies that do not know each other.",
    ],
  );
  assert.deepEqual(await versions(lockOf("@opentelemetry/api@1.10.0")), [
    "problem: deno.lock has @opentelemetry/api 1.10.0: spans lose their parents.",
  ]);
});

Deno.test("checkVersions() bears a lock file that is none", async () => {
  assert.deepEqual(await versions("<<<<<<< HEAD"), ["skipped: deno.lock cannot be read as JSON."]);
  for (const lock of ["null", "[]", '{"npm":7}', '{"npm":null}']) {
    assert.equal((await versions(lock)).length, 1, lock);
  }
});

Deno.test("checkVersions() says when there is no lock file", () => {
  const [verdict] = checkVersions("/no/such/directory");
  assert.equal(verdict?.state, "skipped");
});
