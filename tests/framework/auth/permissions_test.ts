import assert from "node:assert/strict";
import { hasPermission, hasRole, Permissions } from "../../../framework/auth/permissions.ts";
import type { Identity } from "../../../framework/auth/identity.ts";

for (
  const { grant, allows, refuses } of [
    { grant: "orders:read", allows: ["orders:read"], refuses: ["orders", "orders:read:own"] },
    {
      grant: "orders:*",
      allows: ["orders:read", "orders:read:own"],
      refuses: ["orders", "ordersx:read", "products:read"],
    },
    {
      grant: "shops:*:read",
      allows: ["shops:7:read"],
      refuses: ["shops:7:write", "shops:7:read:own", "shops:read"],
    },
    { grant: "*", allows: ["orders", "orders:read:own"], refuses: [] },
  ]
) {
  Deno.test(`allows() with the grant "${grant}" allows what it covers and nothing else`, () => {
    const permissions = new Permissions({ clerk: [grant] });
    for (const name of allows) assert.equal(permissions.allows(["clerk"], name), true, name);
    for (const name of refuses) assert.equal(permissions.allows(["clerk"], name), false, name);
  });
}

Deno.test("allows() takes the grants of every role, and none of a role that it does not know", () => {
  const permissions = new Permissions({ clerk: ["orders:read"], buyer: ["orders:write"] });
  assert.equal(permissions.allows(["clerk", "buyer"], "orders:write"), true);
  assert.equal(permissions.allows(["clerk"], "orders:write"), false);
  assert.equal(permissions.allows(["constructor", "__proto__"], "orders:read"), false);
});

for (const grant of ["", "orders:", "orders:*read", "**", " *", "*:read"]) {
  Deno.test(`Permissions() refuses the grant "${grant}"`, () => {
    assert.throws(() => new Permissions({ clerk: [grant] }), {
      name: "TypeError",
      message: /The grant ".*" of the role "clerk" is not valid/,
    });
  });
}

const admin: Identity = {
  user: { id: "root", roles: ["admin"], permissions: ["reports:read"] },
  scheme: "session",
};
const permissions = new Permissions({ admin: ["orders:*"] });

Deno.test("hasPermission() counts the user's own permissions beside those of roles", () => {
  assert.equal(hasPermission(permissions, admin, "orders:read"), true);
  assert.equal(hasPermission(permissions, admin, "reports:read"), true);
  assert.equal(hasPermission(permissions, admin, "reports:write"), false);
  assert.equal(hasPermission(permissions, undefined, "orders:read"), false);
});

Deno.test("hasPermission() stays within the credential's scopes, which grant nothing themselves", () => {
  const limited = { ...admin, scopes: ["orders:read", "users:*"] };
  assert.equal(hasPermission(permissions, limited, "orders:read"), true);
  assert.equal(hasPermission(permissions, limited, "orders:write"), false);
  assert.equal(hasPermission(permissions, limited, "users:read"), false);
  assert.equal(hasPermission(permissions, { ...admin, scopes: [] }, "orders:read"), false);
});

for (const permission of ["", "orders:*", "*", "orders::read", "orders read"]) {
  Deno.test(`hasPermission() refuses to check "${permission}"`, () => {
    assert.throws(() => hasPermission(permissions, admin, permission), {
      name: "TypeError",
      message: /to check is not valid: expected a name such as "orders:read"/,
    });
  });
}

Deno.test("hasRole() refuses a credential limited by scopes, and nobody", () => {
  assert.equal(hasRole(admin, "admin"), true);
  assert.equal(hasRole(admin, "clerk"), false);
  assert.equal(hasRole({ ...admin, scopes: ["orders:read"] }, "admin"), false);
  assert.equal(hasRole(undefined, "admin"), false);
  assert.throws(() => hasRole(admin, ""), TypeError);
});
