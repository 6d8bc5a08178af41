import { createHmac } from "node:crypto";
import { isMeasured } from "../telemetry/active_meter.ts";
import { type Span, withSpan } from "../telemetry/otel.ts";
import { getOTelMetrics } from "../telemetry/otel_metrics.ts";
import { assertSigningKey } from "./digest.ts";
import type { AuthOutcome, AuthScheme, AuthUser, Identity, RefusalReason } from "./identity.ts";

/** What telemetry says of users. */
export interface AuthTelemetryOptions {
  /**
   * Whether spans name a user by the id (`plain`, unless told), by a keyed hash of it, or not at
   * all.
   */
  readonly userIds?: "plain" | "hash" | "omit";
  /** The key for `hash`: ids can be guessed, so a hash without a key would hide nothing. */
  readonly userIdKey?: string;
}

/** How somebody is known, as it is told; never a credential, never who it is. */
export interface ToldAuth {
  /** How; none where that is not known yet, or where there is nobody. */
  readonly scheme: AuthScheme | undefined;
}

/** What is told of a check: `auth:check` before it, then what came of it, unless it threw. */
export type AuthEvent =
  & {
    /** There is a span or a span event of it already. */
    readonly traced: true;
  }
  & (
    | {
      readonly type: "auth:check";
      readonly data: ToldAuth & { readonly role?: string; readonly permission?: string };
    }
    | { readonly type: "auth:success"; readonly data: ToldAuth }
    | {
      readonly type: "auth:failure";
      readonly data: ToldAuth & { readonly reason: RefusalReason | "denied" };
    }
  );

/** Hears of authentication and authorisation: a debugger's `emit` does. */
export type AuthEmit = (event: AuthEvent) => void;

/** What is counted where there is nobody to check. */
const NO_SCHEME = "none";
/** Enough to tell users apart: 96 bits. */
const HASHED_ID_LENGTH = 16;

/** The spans, events and counts of authentication and authorisation; never a credential. */
export class AuthTelemetry {
  readonly #userId: (id: string) => string | undefined;
  readonly #emit: AuthEmit | undefined;

  /**
   * @param options What it says of users.
   * @param emit Hears of every check beside OpenTelemetry.
   * @throws {TypeError} When ids are to be hashed without a key.
   * @throws {RangeError} When the key is too short.
   */
  constructor({ userIds = "plain", userIdKey }: AuthTelemetryOptions = {}, emit?: AuthEmit) {
    this.#emit = emit;
    this.#userId = userIds === "hash"
      ? hashedBy(userIdKey)
      : (id) => userIds === "plain" ? id : undefined;
  }

  /** Whether anybody is told of a check. */
  get isObserved(): boolean {
    return this.#emit !== undefined || isMeasured();
  }

  /** Runs an authentication inside its span, and says what it came to. */
  authenticate<User extends AuthUser>(
    run: () => Promise<AuthOutcome<User>>,
  ): Promise<AuthOutcome<User>> {
    if (this.#emit === undefined) return this.#authenticate(run);
    this.#emit({ type: "auth:check", traced: true, data: { scheme: undefined } });
    return this.#authenticate(run).then((outcome) => {
      if (outcome.success) this.#tellResult(outcome.identity.scheme);
      else this.#tellResult(outcome.scheme, outcome.reason);
      return outcome;
    });
  }

  /** Runs a check of a role inside its span. */
  checkRole(identity: Identity | undefined, role: string, run: Check): boolean {
    this.#emit?.({ type: "auth:check", traced: true, data: { scheme: identity?.scheme, role } });
    return this.#check("checkRole", { identity, attributes: { "auth.role": role }, run });
  }

  /** Runs a check of a permission inside its span. */
  checkPermission(identity: Identity | undefined, permission: string, run: Check): boolean {
    const data = { scheme: identity?.scheme, permission };
    this.#emit?.({ type: "auth:check", traced: true, data });
    const attributes = { "auth.permission": permission };
    return this.#check("checkPermission", { identity, attributes, run });
  }

  #authenticate<User extends AuthUser>(
    run: () => Promise<AuthOutcome<User>>,
  ): Promise<AuthOutcome<User>> {
    if (!isMeasured()) return run();
    return withSpan("auth.authenticate", async (span) => {
      const outcome = await run();
      const scheme = outcome.success ? outcome.identity.scheme : outcome.scheme;
      if (scheme !== undefined) span.setAttribute("auth.scheme", scheme);
      if (outcome.success) this.#setUser(span, outcome.identity);
      finish(span, outcome.success, outcome.success ? undefined : outcome.reason);
      // A request that tries nothing is no attempt: anonymous ones would drown the failures.
      if (scheme !== undefined) {
        const { success } = outcome;
        getOTelMetrics().recordAuthAttempt({ scheme, operation: "authenticate", success });
      }
      return outcome;
    });
  }

  #check(operation: CheckOperation, check: ObservedCheck): boolean {
    const success = isMeasured() ? this.#traceCheck(operation, check) : check.run();
    this.#tellResult(check.identity?.scheme, success ? undefined : "denied");
    return success;
  }

  #traceCheck(
    operation: CheckOperation,
    { identity, attributes, run }: ObservedCheck,
  ): boolean {
    return withSpan(`auth.${operation}`, { attributes }, (span) => {
      if (identity !== undefined) {
        span.setAttribute("auth.scheme", identity.scheme);
        this.#setUser(span, identity);
      }
      const success = run();
      finish(span, success, "denied");
      const scheme = identity?.scheme ?? NO_SCHEME;
      getOTelMetrics().recordAuthAttempt({ scheme, operation, success });
      return success;
    });
  }

  #tellResult(scheme: AuthScheme | undefined, reason?: RefusalReason | "denied"): void {
    this.#emit?.(
      reason === undefined
        ? { type: "auth:success", traced: true, data: { scheme } }
        : { type: "auth:failure", traced: true, data: { scheme, reason } },
    );
  }

  #setUser(span: Span, { user }: Identity): void {
    const id = this.#userId(user.id);
    if (id !== undefined) span.setAttribute("auth.user_id", id);
    span.setAttribute("auth.roles", [...user.roles ?? []]);
  }
}

type Check = () => boolean;
type CheckOperation = "checkRole" | "checkPermission";

interface ObservedCheck {
  readonly identity: Identity | undefined;
  readonly attributes: Record<string, string>;
  readonly run: Check;
}

/** Denied is an outcome: the span's status stays unset. */
function finish(span: Span, success: boolean, reason: string | undefined): void {
  span.setAttribute("auth.success", success);
  if (success) span.addEvent("auth.success");
  else span.addEvent("auth.failure", { "auth.failure.reason": reason });
}

function hashedBy(key: string | undefined): (id: string) => string {
  if (key === undefined) {
    throw new TypeError(`User ids cannot be hashed: expected a secret in "userIdKey"`);
  }
  assertSigningKey(key, "userIdKey");
  return (id) =>
    createHmac("sha256", key).update(id).digest("base64url").slice(0, HASHED_ID_LENGTH);
}
