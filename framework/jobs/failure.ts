import { errorType } from "../telemetry/otel.ts";
import type { JobFailure } from "./store.ts";

/** What a failure may take of a job's record. */
const MAX_MESSAGE_CHARS = 2_000;
const MAX_STACK_CHARS = 6_000;

/** A thrown value in the form in which a job's record keeps it. */
export function toFailure(error: unknown): JobFailure {
  const name = errorType(error);
  const at = new Date();
  if (!(error instanceof Error)) {
    return { name, message: describe(error).slice(0, MAX_MESSAGE_CHARS), at };
  }
  const { message, stack } = error;
  return {
    name,
    message: message.slice(0, MAX_MESSAGE_CHARS),
    ...(stack === undefined ? {} : { stack: stack.slice(0, MAX_STACK_CHARS) }),
    at,
  };
}

function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "A value without a text form was thrown";
  }
}
