import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { createLogger } from "./logger.ts";

/** Told once for each thing that is wrong with what was recorded. */
export type MetricProblemSink = (problem: string) => void;

/** What is remembered of problems, so that endless bad names do not fill the memory. */
const MAX_PROBLEMS = 1_000;
const MAX_VALUE_LENGTH = 4_096;
const INSTRUMENT_NAME = /^[a-z][\w./-]{0,254}$/i;
const NO_ATTRIBUTES: Attributes = Object.freeze({});

const log = createLogger({ name: "echelon.metrics" });

/**
 * Stands between what an application records and what keeps it. The SDK lets a NaN spoil a series
 * for ever, and throws at a value that JSON cannot hold; here neither gets through, and the
 * application is told once of each cause.
 */
export class MetricInput {
  readonly #told = new Set<string>();
  readonly #sound = new WeakSet<Attributes>();
  readonly #sink: MetricProblemSink;

  /** @param sink Told of problems; they are logged unless told. */
  constructor(sink: MetricProblemSink = (problem) => log.warn(problem)) {
    this.#sink = sink;
  }

  /** Tells of a problem, the first time. */
  tell(instrument: string, problem: string): void {
    const cause = `${instrument}: ${problem}`;
    if (this.#told.size >= MAX_PROBLEMS || this.#told.has(cause)) return;
    this.#told.add(cause);
    try {
      this.#sink(problem);
    } catch {
      // Who is told of a problem must not become one for the request that was measured.
    }
  }

  /** Whether an instrument may have this name (the specification's instrument name syntax). */
  acceptsName(name: string): boolean {
    if (typeof name === "string" && INSTRUMENT_NAME.test(name)) return true;
    const shown = String(name).slice(0, 80);
    this.tell(
      shown,
      `Nothing is recorded in "${shown}": expected a name of a letter and then up to 254 letters, ` +
        `digits, ".", "_", "-" and "/"`,
    );
    return false;
  }

  /**
   * Whether a value may be recorded.
   *
   * @param instrument The instrument's name.
   * @param value What the application gave.
   * @param signed Whether it may be negative.
   */
  acceptsValue(instrument: string, value: unknown, signed: boolean): value is number {
    if (Number.isFinite(value) && (signed || value as number >= 0)) return true;
    if (typeof value === "number" && value < 0 && Number.isFinite(value)) {
      this.tell(instrument, `Dropped a negative value of "${instrument}": it can only rise`);
    } else {
      const shown = typeof value === "number" ? String(value) : `a ${typeof value}`;
      this.tell(instrument, `Dropped ${shown} given to "${instrument}": expected a finite number`);
    }
    return false;
  }

  /**
   * The attributes without what no series can hold. They come back as they are where they are
   * sound; what is frozen is looked at once.
   */
  soundAttributes(instrument: string, attributes: Attributes | undefined): Attributes {
    if (attributes === undefined || this.#sound.has(attributes)) return attributes ?? NO_ATTRIBUTES;
    try {
      if (typeof attributes === "object" && attributes !== null) {
        for (const key of Object.keys(attributes)) {
          if (!isSound(attributes[key])) return this.#repaired(instrument, attributes);
        }
        if (Object.isFrozen(attributes)) this.#sound.add(attributes);
        return attributes;
      }
    } catch {
      return this.#repaired(instrument, attributes);
    }
    this.tell(instrument, `Left the attributes out of "${instrument}": expected an object`);
    return NO_ATTRIBUTES;
  }

  #repaired(instrument: string, attributes: Attributes): Attributes {
    const sound: Attributes = {};
    const left = (key: string, why: string) =>
      this.tell(
        instrument,
        `Left the attribute "${key.slice(0, 80)}" out of "${instrument}": it is ${why}; expected ` +
          "a string, a finite number, a boolean or an array of them",
      );
    for (const key of ownKeys(attributes)) {
      let value: AttributeValue | undefined;
      try {
        value = attributes[key];
      } catch {
        left(key, "a getter that throws");
        continue;
      }
      if (isSound(value)) sound[key] = value;
      else if (typeof value === "string") sound[key] = this.#cut(instrument, key, value);
      else left(key, typeof value === "number" ? String(value) : kindOf(value));
    }
    return sound;
  }

  #cut(instrument: string, key: string, value: string): string {
    const name = key.slice(0, 80);
    this.tell(
      instrument,
      `Cut the attribute "${name}" of "${instrument}" to ${MAX_VALUE_LENGTH} characters`,
    );
    return value.slice(0, MAX_VALUE_LENGTH);
  }
}

/** What checks the application's metrics wherever nobody gave another. */
export const metricInput: MetricInput = new MetricInput();

function ownKeys(attributes: Attributes): string[] {
  try {
    return Object.keys(attributes);
  } catch {
    return [];
  }
}

function isSound(value: unknown): value is AttributeValue | undefined {
  switch (typeof value) {
    case "string":
      return value.length <= MAX_VALUE_LENGTH;
    case "number":
      return Number.isFinite(value);
    case "boolean":
    case "undefined":
      return true;
    default:
      return Array.isArray(value) && value.length <= MAX_VALUE_LENGTH &&
        value.every((item) => item === null || !Array.isArray(item) && isSound(item));
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array of other things";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
