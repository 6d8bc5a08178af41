import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from "@opentelemetry/semantic-conventions";
import { shortened } from "./log_value.ts";
import { errorType } from "./otel.ts";
import { activeRedaction } from "./redaction.ts";

/** How many errors are written into one stack: causes, and the errors of an aggregate. */
const MAX_ERRORS = 10;

/**
 * What the semantic conventions say of an exception, as far as the application's rules of what may be told
 * allow.
 *
 * @param error What was thrown.
 */
export function exceptionAttributes(error: Error): Record<string, string> {
  const redaction = activeRedaction();
  const attributes: Record<string, string> = {};
  const tell = (key: string, text: string) => {
    const told = redaction.value(key, shortened(redaction.text(text)));
    if (told !== undefined) attributes[key] = String(told);
  };
  tell(ATTR_EXCEPTION_TYPE, errorType(error));
  tell(ATTR_EXCEPTION_MESSAGE, String(error.message));
  tell(ATTR_EXCEPTION_STACKTRACE, wholeStack(error));
  return attributes;
}

/** The stack of an error and of those behind it, which the runtime leaves out of the first one's. */
function wholeStack(error: Error): string {
  const stacks: string[] = [];
  const seen = new Set<Error>();
  const add = (heading: string, found: unknown) => {
    if (!(found instanceof Error) || seen.has(found) || seen.size >= MAX_ERRORS) return;
    seen.add(found);
    stacks.push(`${heading}${found.stack || `${found.name}: ${found.message}`}`);
    if (found instanceof AggregateError) {
      for (const one of found.errors) add("One of its errors: ", one);
    }
    add("Caused by: ", found.cause);
  };
  add("", error);
  return stacks.join("\n");
}
