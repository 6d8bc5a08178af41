import type { Identity } from "./identity.ts";

const NAME = /^[^\s:*]+(?::[^\s:*]+)*$/;
const GRANT = /^(?:\*|[^\s:*]+(?::(?:[^\s:*]+|\*))*)$/;

/**
 * What each role may do. A permission is a name of segments, such as `orders:read`. A grant is a
 * permission or has wildcards: `*` for a segment matches any one, at the end any that follow, and
 * alone everything.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Permissions } from "@echelon/framework/auth";
 *
 * const permissions = new Permissions({
 *   admin: ["*"],
 *   clerk: ["orders:*", "products:read"],
 * });
 * assert(permissions.allows(["clerk"], "orders:refund"));
 * assert(!permissions.allows(["clerk"], "products:write"));
 * ```
 */
export class Permissions {
  readonly #grants: ReadonlyMap<string, readonly string[]>;

  /**
   * @param roles The grants of each role; a role that is not named here grants nothing.
   * @throws {TypeError} When a grant is none.
   */
  constructor(roles: Readonly<Record<string, readonly string[]>>) {
    this.#grants = new Map(Object.entries(roles));
    for (const [role, grants] of this.#grants) {
      grants.forEach((grant) => assertGrant(grant, `the role "${role}"`));
    }
  }

  /** Whether any of these roles may do this. */
  allows(roles: readonly string[], permission: string): boolean {
    for (const role of roles) {
      const grants = this.#grants.get(role);
      if (grants !== undefined && isGranted(grants, permission)) return true;
    }
    return false;
  }
}

/**
 * Refuses a grant that could never match.
 *
 * @param grant The grant.
 * @param where Who is given it.
 * @throws {TypeError} When it is no grant.
 */
export function assertGrant(grant: string, where: string): void {
  if (GRANT.test(grant)) return;
  throw new TypeError(
    `The grant "${grant}" of ${where} is not valid: expected segments such as "orders:read", ` +
      `"orders:*" or "*"`,
  );
}

/** Whether one of these grants covers a permission. */
export function isGranted(grants: readonly string[], permission: string): boolean {
  for (const grant of grants) {
    if (grant === permission || grant === "*") return true;
    if (grant.includes("*") && matches(grant, permission)) return true;
  }
  return false;
}

function matches(grant: string, permission: string): boolean {
  const pattern = grant.split(":");
  const segments = permission.split(":");
  const open = pattern.at(-1) === "*";
  if (open ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every((part, index) => part === "*" || part === segments[index]);
}

/**
 * Whether an identity holds a role. A credential limited by scopes holds none: a role stands for
 * more than the credential was given.
 *
 * @throws {TypeError} When the role is empty.
 */
export function hasRole(identity: Identity | undefined, role: string): boolean {
  if (role === "") throw new TypeError(`The role to check is empty: expected a name`);
  return identity !== undefined && identity.scopes === undefined &&
    (identity.user.roles?.includes(role) ?? false);
}

/**
 * Whether an identity may do something: by a role or by a permission of its own, and within the
 * scopes of its credential.
 *
 * @throws {TypeError} When the permission is no name: a check cannot ask for a wildcard.
 */
export function hasPermission(
  permissions: Permissions,
  identity: Identity | undefined,
  permission: string,
): boolean {
  if (!NAME.test(permission)) {
    throw new TypeError(
      `The permission "${permission}" to check is not valid: expected a name such as "orders:read"`,
    );
  }
  if (identity === undefined) return false;
  const { user, scopes } = identity;
  if (scopes !== undefined && !isGranted(scopes, permission)) return false;
  return permissions.allows(user.roles ?? [], permission) ||
    isGranted(user.permissions ?? [], permission);
}
