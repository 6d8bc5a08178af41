/**
 * Who makes a request, and what they may do: sessions, bearer tokens, API keys and passwords, roles
 * and permissions, and protection against forgery across sites.
 *
 * @module
 */
export { ApiKeys } from "./api_keys.ts";
export type { ApiKey, ApiKeysOptions, CreateApiKeyOptions } from "./api_keys.ts";
export { Auth } from "./auth.ts";
export type { AuthOptions } from "./auth.ts";
export {
  AuthenticationError,
  AuthorizationError,
  CsrfError,
  PasswordHashError,
  PasswordPolicyError,
  TooManyAttemptsError,
} from "./auth_errors.ts";
export type { AuthRequest } from "./auth_request.ts";
export type { LoadUser } from "./authenticate.ts";
export { Csrf } from "./csrf.ts";
export type { CsrfOptions } from "./csrf.ts";
export type {
  AuthOutcome,
  AuthScheme,
  AuthState,
  AuthUser,
  Identity,
  Proof,
  Refusal,
  RefusalReason,
} from "./identity.ts";
export { JwtIssuer } from "./jwt_issuer.ts";
export type { JwtIssuerOptions } from "./jwt_issuer.ts";
export type { JwtAlgorithm, JwtKey } from "./jwt_key.ts";
export { JwtVerifier } from "./jwt_verifier.ts";
export type { JwtClaims, JwtVerifierOptions } from "./jwt_verifier.ts";
export { LoginLimit } from "./login_limit.ts";
export type { AttemptRate, LoginAttempt, LoginLimitOptions } from "./login_limit.ts";
export { identify, identityOf, requireAuth, requirePermission, requireRole } from "./middleware.ts";
export { PasswordHasher } from "./password.ts";
export type { PasswordCheck, PasswordHasherOptions } from "./password.ts";
export type { ScryptCost } from "./password_hash.ts";
export { PasswordLogin } from "./password_login.ts";
export type {
  PasswordAccount,
  PasswordCredentials,
  PasswordLoginOptions,
} from "./password_login.ts";
export { Permissions } from "./permissions.ts";
export { SecretCookie } from "./secret_cookie.ts";
export type { SecretCookieOptions } from "./secret_cookie.ts";
export { Sessions } from "./session.ts";
export type { SessionsOptions, StartSessionOptions } from "./session.ts";
export type { Session, StartedSession } from "./session_records.ts";
export { ApiKeyStrategy } from "./strategies/api_key_strategy.ts";
export { BasicStrategy } from "./strategies/basic_strategy.ts";
export { BearerStrategy } from "./strategies/bearer_strategy.ts";
export type { BearerStrategyOptions } from "./strategies/bearer_strategy.ts";
export { SessionStrategy } from "./strategies/session_strategy.ts";
export type { Strategy, Verification } from "./strategy.ts";
export type { AuthEmit, AuthEvent, AuthTelemetryOptions, ToldAuth } from "./telemetry.ts";
