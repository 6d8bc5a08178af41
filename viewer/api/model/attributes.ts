/** One attribute. A list of them has no key twice. */
export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/**
 * A value of any type that OTLP knows. What JSON cannot say by itself is wrapped in an object with
 * exactly one of the keys `map`, `bytes`, `int` and `double`.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | WrappedValue;

/** A value that JSON has no form of its own for. */
export type WrappedValue =
  /** Named values within a value. */
  | { readonly map: readonly Attribute[] }
  /** Bytes in base64. */
  | { readonly bytes: string }
  /** An integer beyond 2^53, in decimal digits. */
  | { readonly int: string }
  /** A floating-point number that is whole, "NaN", "Infinity" or "-Infinity": `{ double: "1" }`. */
  | { readonly double: string };

/** Who made the telemetry: a process, usually. `GET /api/resources/{id}` gives one by its id. */
export interface Resource {
  readonly id: string;
  /** `service.name`, or "unknown_service" where there is none. */
  readonly service: string;
  readonly attributes: readonly Attribute[];
}

/** The library that made a span, a metric or a log. */
export interface Scope {
  readonly name: string;
  readonly version?: string;
  readonly attributes?: readonly Attribute[];
}
