import assert from "node:assert/strict";
import {
  assertCost,
  formatPasswordHash,
  parsePasswordHash,
} from "../../../framework/auth/password_hash.ts";

const SALT = "A".repeat(22);
const KEY = "A".repeat(43);

Deno.test("parsePasswordHash() reads what formatPasswordHash() writes", () => {
  const hash = {
    cost: { ln: 15, r: 8, p: 3 },
    salt: new Uint8Array(16).fill(1),
    key: new Uint8Array(32).fill(2),
  };
  const stored = formatPasswordHash(hash);
  assert.match(stored, /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.deepEqual(parsePasswordHash(stored), hash);
});

for (
  const { what, stored } of [
    { what: "another algorithm's", stored: "$2b$12$abcdefghijklmnopqrstuv" },
    { what: "an empty text", stored: "" },
    { what: "a cost that would fill the machine", stored: `$scrypt$ln=40,r=8,p=1$${SALT}$${KEY}` },
    { what: "a cost of nothing", stored: `$scrypt$ln=0,r=8,p=1$${SALT}$${KEY}` },
    { what: "a short salt", stored: `$scrypt$ln=4,r=8,p=1$AAAA$${KEY}` },
    { what: "a short key", stored: `$scrypt$ln=4,r=8,p=1$${SALT}$AAAA` },
    { what: "impossible base64", stored: `$scrypt$ln=4,r=8,p=1$${SALT}$${KEY}AA` },
  ]
) {
  Deno.test(`parsePasswordHash() refuses ${what} without repeating it`, () => {
    assert.throws(() => parsePasswordHash(stored), (error: Error) => {
      assert.equal(error.name, "PasswordHashError");
      assert.ok(!error.message.includes(KEY) && !error.message.includes("abcdefgh"));
      return true;
    });
  });
}

Deno.test("assertCost() says what a cost may be", () => {
  assert.throws(() => assertCost({ ln: 15, r: 8, p: 17 }), {
    name: "RangeError",
    message: /ln=15, r=8, p=17 is out of range: expected positive integers, p of at most 16/,
  });
  assert.throws(() => assertCost({ ln: 1.5, r: 8, p: 1 }), RangeError);
});
