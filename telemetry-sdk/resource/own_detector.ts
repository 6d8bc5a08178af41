import type { Attributes } from "@opentelemetry/api";
import type { ResourceDetector } from "../config/schema.ts";
import { cleanAttributes } from "./clean_attributes.ts";

/** How a detector of the application's is run. */
export interface OwnDetectorOptions {
  /** Its place among the detectors, from 1, for those that have no name. */
  readonly position: number;
  /** How long an asynchronous one is waited for. */
  readonly timeoutMillis: number;
  /** Where to say that it failed. */
  readonly report: (line: string) => void;
}

const NOTHING: Attributes = {};

/**
 * Runs a detector of the application's. It can do no harm: where it throws, rejects, takes too long or finds
 * rubbish, that is said, and it has found nothing.
 *
 * @returns What it found, at once or later; never rejects.
 */
export function runOwnDetector(
  detector: ResourceDetector,
  { position, timeoutMillis, report }: OwnDetectorOptions,
): Attributes | Promise<Attributes> {
  const who = `Resource detector ${nameOf(detector) || position}`;
  const take = (found: unknown): Attributes => {
    const { attributes, refused } = cleanAttributes(found);
    if (typeof found !== "object" || found === null) report(`${who} gave no attributes`);
    else if (refused.length > 0) report(`${who} gave unusable values: ${refused.join(", ")}`);
    return attributes;
  };
  const fail = (error: unknown): Attributes => {
    report(`${who} failed: ${messageOf(error)}`);
    return NOTHING;
  };
  try {
    const found: unknown = detector();
    if (!isThenable(found)) return take(found);
    return bounded(Promise.resolve(found).then(take), timeoutMillis, () => {
      report(`${who} gave no answer within ${timeoutMillis / 1000} s; its attributes are left out`);
      return NOTHING;
    }).catch(fail);
  } catch (error) {
    return fail(error);
  }
}

/** Waits for a promise as long as it may take; the timer alone keeps no process alive. */
async function bounded<T>(
  promise: Promise<T>,
  timeoutMillis: number,
  instead: () => T,
): Promise<T> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMillis);
  Deno.unrefTimer(timer);
  try {
    const first = await Promise.race([promise.then((value) => ({ value })), late]);
    return first === undefined ? instead() : first.value;
  } finally {
    clearTimeout(timer);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

function nameOf(detector: ResourceDetector): string {
  return typeof detector.name === "string" && detector.name !== "" ? `"${detector.name}"` : "";
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "it threw something that cannot be shown";
  }
}
