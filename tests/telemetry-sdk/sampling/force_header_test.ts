import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import {
  signTraceHeader,
  verifyTraceHeader,
} from "../../../telemetry-sdk/sampling/force_header.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = 1_800_000_000_000;
const now = () => NOW;

Deno.test("verifyTraceHeader() accepts what signTraceHeader() made, until it ends", () => {
  const header = signTraceHeader(SECRET, { expiresInSeconds: 60, now });
  assert.match(header, /^v1\.1800000060\.[\w-]{43}$/);
  assert.ok(verifyTraceHeader(SECRET, header, NOW));
  assert.ok(verifyTraceHeader(SECRET, header, NOW + 59_999));
  assert.ok(!verifyTraceHeader(SECRET, header, NOW + 60_000));
  assert.ok(!verifyTraceHeader(`${SECRET}!`, header, NOW));
});

Deno.test("verifyTraceHeader() accepts bytes as the secret, for the same signature", () => {
  const header = signTraceHeader(new TextEncoder().encode(SECRET), { now });
  assert.equal(header, signTraceHeader(SECRET, { now }));
  assert.ok(verifyTraceHeader(SECRET, header, NOW));
});

Deno.test("verifyTraceHeader() refuses a header of which any character is another", () => {
  const header = signTraceHeader(SECRET, { now });
  for (let at = 0; at < header.length; at++) {
    const other = header[at] === "1" ? "2" : "1";
    const forged = header.slice(0, at) + other + header.slice(at + 1);
    assert.ok(!verifyTraceHeader(SECRET, forged, NOW), forged);
  }
});

Deno.test("verifyTraceHeader() refuses what has not the right form", () => {
  const header = signTraceHeader(SECRET, { now });
  const [, end, signed] = header.split(".");
  const base64 = Buffer.from(signed ?? "", "base64url").toString("base64");
  const forms = [
    "",
    "v1",
    "v1..",
    `v2.${end}.${signed}`,
    `v1.${end}.`,
    `v1.${end}.${signed}=`,
    `v1.${end}.${base64}`,
    `v1.0${end}.${signed}`,
    `v1.-${end}.${signed}`,
    `v1.${end}.${signed}.${signed}`,
    `${header}, ${header}`,
    ` ${header}`,
    `${header}\n`,
    "x".repeat(100_000),
  ];
  for (const form of forms) assert.ok(!verifyTraceHeader(SECRET, form, NOW), form.slice(0, 70));
});

Deno.test("verifyTraceHeader() refuses what would be good for more than an hour, though signed", () => {
  const end = String(NOW / 1000 + 3601);
  const signed = createHmac("sha256", SECRET).update(`x-echelon-trace.v1.${end}`)
    .digest("base64url");
  assert.ok(!verifyTraceHeader(SECRET, `v1.${end}.${signed}`, NOW));
  assert.ok(verifyTraceHeader(SECRET, `v1.${end}.${signed}`, NOW + 1000));
});

Deno.test("signTraceHeader() refuses a short secret without showing it, and a time out of range", () => {
  for (const secret of ["hunter2", "", new Uint8Array(31), undefined as unknown as string]) {
    assert.throws(() => signTraceHeader(secret), (error: Error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /^The secret for "x-echelon-trace" has \d+ bytes: expected /);
      return !error.message.includes("hunter2");
    });
  }
  for (const expiresInSeconds of [0, -1, 3601, NaN]) {
    assert.throws(() => signTraceHeader(SECRET, { expiresInSeconds }), {
      name: "RangeError",
      message: `Bad "expiresInSeconds" "${expiresInSeconds}": expected from 1 to 3600`,
    });
  }
});
