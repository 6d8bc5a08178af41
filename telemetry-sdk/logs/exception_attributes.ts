import type { AnyValueMap } from "@opentelemetry/api-logs";
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from "@opentelemetry/semantic-conventions";

/** How many causes of an error are written below its stack. */
const MAX_CAUSES = 8;

/**
 * What the semantic conventions say of an exception. The SDK's own translation is not used: it takes
 * `error.code` for the type.
 *
 * @param thrown What was thrown; anything may be.
 */
export function exceptionAttributes(thrown: unknown): AnyValueMap {
  try {
    if (!(thrown instanceof Error)) return { [ATTR_EXCEPTION_MESSAGE]: String(thrown) };
    return {
      [ATTR_EXCEPTION_TYPE]: typeOf(thrown),
      [ATTR_EXCEPTION_MESSAGE]: String(thrown.message),
      [ATTR_EXCEPTION_STACKTRACE]: stackWithCauses(thrown),
    };
  } catch {
    return { [ATTR_EXCEPTION_MESSAGE]: Object.prototype.toString.call(thrown) };
  }
}

/** A subclass that sets no name of its own inherits "Error". */
function typeOf(error: Error): string {
  return String(error.name === "Error" ? error.constructor.name : error.name) || "Error";
}

function stackWithCauses(error: Error): string {
  const stacks: string[] = [];
  for (
    let cause: unknown = error;
    cause instanceof Error && stacks.length < MAX_CAUSES;
    cause = cause.cause
  ) {
    stacks.push(cause.stack || `${cause.name}: ${cause.message}`);
  }
  return stacks.join("\nCaused by: ");
}
