import assert from "node:assert/strict";
import { describeMissing } from "../../../telemetry-sdk/resource/missing.ts";

Deno.test("describeMissing() names attributes and joins the flags", () => {
  const missing = [
    { attribute: "host.name", flag: "--allow-sys=hostname", optional: false },
    { attribute: "os.version", flag: "--allow-sys=osRelease", optional: false },
    { attribute: "x", flag: "--allow-env=X", optional: false },
    { attribute: "x", flag: "--allow-all", optional: false },
    { attribute: "container.id", flag: "--allow-read=/x", optional: true },
  ];
  assert.equal(
    describeMissing(missing),
    "find out host.name, os.version, x (--allow-sys=hostname,osRelease --allow-env=X --allow-all)",
  );
});

Deno.test("describeMissing() has nothing to say when only what is optional is missing", () => {
  assert.equal(describeMissing([]), undefined);
  assert.equal(describeMissing([{ attribute: "a", flag: "--b=c", optional: true }]), undefined);
});
