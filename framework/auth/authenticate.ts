import type { AuthRequest } from "./auth_request.ts";
import type { AuthOutcome, AuthScheme, AuthUser, Proof } from "./identity.ts";
import { isRefusal, type Strategy, type Verification } from "./strategy.ts";

/** Loads the user of a proof; `undefined` for one who is gone or locked. */
export type LoadUser<User extends AuthUser> = (
  id: string,
  proof: Proof & { readonly scheme: AuthScheme },
) => User | undefined | Promise<User | undefined>;

/**
 * Finds out who makes a request: the first strategy whose credential proves a user. Where every
 * credential is refused the outcome is that of the first.
 */
export async function authenticateBy<User extends AuthUser>(
  strategies: readonly Strategy[],
  loadUser: LoadUser<User>,
  request: AuthRequest,
): Promise<AuthOutcome<User>> {
  let refused: AuthOutcome<User> | undefined;
  for (const strategy of strategies) {
    const verification = await strategy.verify(request);
    if (verification === undefined) continue;
    const outcome = await outcomeOf(strategy.scheme, verification, loadUser);
    if (outcome.success) return outcome;
    refused ??= outcome;
  }
  return refused ?? { success: false, reason: "missing", scheme: undefined };
}

/** What a checked credential comes to, once its user is loaded. */
export async function outcomeOf<User extends AuthUser>(
  scheme: AuthScheme,
  verification: Verification,
  loadUser: LoadUser<User>,
): Promise<AuthOutcome<User>> {
  if (isRefusal(verification)) return { ...verification, success: false, scheme };
  const { userId, ...proof } = verification;
  const user = await loadUser(userId, { ...verification, scheme });
  if (user === undefined) return { success: false, reason: "unknown_user", scheme };
  return { success: true, identity: { ...proof, user, scheme } };
}
