import type { DebugOperation } from "./events.ts";

/** Stands around operations. */
export interface DebugScope {
  /**
   * Runs `fn`, once and before it returns, and returns what `fn` returns. A scope that does otherwise
   * changes nothing: the operation's own outcome stands.
   */
  around<T>(operation: DebugOperation, fn: () => T): T;
}

type Outcome<T> =
  | { readonly kind: "returned"; readonly value: T }
  | { readonly kind: "threw"; readonly error: unknown };

/**
 * Runs an operation inside a scope that may be broken: the operation runs once, whatever the scope
 * does, and its outcome is its own.
 *
 * @param scope The scope.
 * @param operation The operation.
 * @param inside `run` is the operation, `report` hears of what the scope itself throws.
 */
export function runInScope<T>(
  scope: DebugScope,
  operation: DebugOperation,
  inside: {
    readonly run: () => T;
    readonly report: (scope: DebugScope, error: unknown) => void;
  },
): T {
  let outcome: Outcome<T> | undefined;
  const once = (): T => {
    outcome ??= outcomeOf(inside.run);
    if (outcome.kind === "threw") throw outcome.error;
    return outcome.value;
  };
  const report = (error: unknown) => inside.report(scope, error);
  try {
    const returned: unknown = scope.around(operation, once);
    if (returned instanceof Promise) {
      returned.catch((error) => reportUnlessOwn(error, outcome, report));
    }
  } catch (error) {
    reportUnlessOwn(error, outcome, report);
  }
  return once();
}

function outcomeOf<T>(run: () => T): Outcome<T> {
  try {
    return { kind: "returned", value: run() };
  } catch (error) {
    return { kind: "threw", error };
  }
}

/** What a scope lets through is the operation's error, and no fault of the scope. */
function reportUnlessOwn<T>(
  error: unknown,
  outcome: Outcome<T> | undefined,
  report: (error: unknown) => void,
): void {
  if (outcome?.kind === "threw" && outcome.error === error) return;
  if (outcome?.kind === "returned" && outcome.value instanceof Promise) {
    outcome.value.then(() => report(error), (own) => {
      if (own !== error) report(error);
    });
    return;
  }
  report(error);
}
