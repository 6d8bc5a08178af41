import assert from "node:assert/strict";
import { PasswordHasher } from "../../../framework/auth/password.ts";
import { quickCost } from "./_service.ts";

const hasher = new PasswordHasher({ cost: quickCost });

Deno.test("verify() accepts the right password and no other", async () => {
  const stored = await hasher.hash("tr0ub4dor and 3");
  assert.deepEqual(await hasher.verify("tr0ub4dor and 3", stored), {
    valid: true,
    needsRehash: false,
  });
  for (const wrong of ["tr0ub4dor and 4", "", "tr0ub4dor and 3 "]) {
    assert.equal((await hasher.verify(wrong, stored)).valid, false, wrong);
  }
});

Deno.test("verify() accepts what scrypt made elsewhere (RFC 7914, section 12)", async () => {
  // The RFC's third vector: "pleaseletmein", "SodiumChloride", N=16384, r=8, p=1, 64 bytes.
  const key = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" +
    "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
  const options = { omitPadding: true };
  const salt = new TextEncoder().encode("SodiumChloride");
  const stored = `$scrypt$ln=14,r=8,p=1$${salt.toBase64(options)}$${
    Uint8Array.fromHex(key).toBase64(options)
  }`;
  assert.deepEqual(await hasher.verify("pleaseletmein", stored), {
    valid: true,
    needsRehash: true,
  });
});

Deno.test("hash() gives the same password another hash each time", async () => {
  const [one, other] = await Promise.all([hasher.hash("12345678"), hasher.hash("12345678")]);
  assert.notEqual(one, other);
});

Deno.test("hash() at the default cost says so in the hash", async () => {
  const usual = new PasswordHasher();
  const stored = await usual.hash("correct horse");
  assert.ok(stored.startsWith("$scrypt$ln=15,r=8,p=3$"));
  assert.equal((await usual.verify("correct horse", stored)).valid, true);
});

Deno.test("verify() asks for a new hash when the cost has changed, of a right password only", async () => {
  const stored = await hasher.hash("12345678");
  const dearer = new PasswordHasher({ cost: { ...quickCost, ln: 5 } });
  assert.deepEqual(await dearer.verify("12345678", stored), { valid: true, needsRehash: true });
  assert.deepEqual(await dearer.verify("wrong", stored), { valid: false, needsRehash: false });
  const renewed = await dearer.rehash("12345678");
  assert.equal((await dearer.verify("12345678", renewed)).needsRehash, false);
});

Deno.test("verify() takes the same characters entered in another way", async () => {
  const stored = await hasher.hash("caf\u00e9-caf\u00e9");
  assert.equal((await hasher.verify("cafe\u0301-cafe\u0301", stored)).valid, true);
});

Deno.test("verify() hashes for a user that does not exist too", async () => {
  const narrow = new PasswordHasher({ cost: quickCost, concurrency: 1 });
  const order: string[] = [];
  // With room for one at a time, only what hashes has to wait for the one before it.
  const hashing = narrow.hash("12345678").then(() => order.push("hash"));
  const checking = narrow.verify("12345678", undefined).then((check) => {
    order.push("verify");
    return check;
  });
  assert.deepEqual(await checking, { valid: false, needsRehash: false });
  await hashing;
  assert.deepEqual(order, ["hash", "verify"]);
});

Deno.test("hash() refuses a password that is too short or too long, without repeating it", async () => {
  await assert.rejects(hasher.hash("hunter2"), {
    name: "PasswordPolicyError",
    status: 422,
    message: "The password has 7 characters: expected at least 8",
  });
  await assert.rejects(hasher.hash("é".repeat(3000)), {
    name: "PasswordPolicyError",
    message: "The password has 6000 bytes: expected at most 4096",
  });
  await assert.rejects(new PasswordHasher({ minLength: 0 }).hash(""), {
    name: "PasswordPolicyError",
  });
});

Deno.test("verify() finds a password wrong that is too long to be one", async () => {
  const stored = await hasher.hash("12345678");
  assert.equal((await hasher.verify("x".repeat(5000), stored)).valid, false);
});
