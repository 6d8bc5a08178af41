const MILLI = 1_000_000;
/** 2^32 nanoseconds, as whole milliseconds and what is left over. */
const HIGH_MILLIS = 4294;
const HIGH_REST = 967_296;

/**
 * A time in nanoseconds since the epoch, kept exact in two numbers: a bigint for each time of each
 * span would cost more than all the rest of decoding it.
 */
export class Nanos {
  /** Whole milliseconds. */
  readonly millis: number;
  /** Nanoseconds beyond them, below a million. */
  readonly rest: number;

  constructor(millis: number, rest: number) {
    this.millis = millis;
    this.rest = rest;
  }

  static readonly zero: Nanos = new Nanos(0, 0);

  /** From the two halves of a `fixed64`; no step leaves the integers that a number holds. */
  static fromHalves(low: number, high: number): Nanos {
    const rest = high * HIGH_REST + low;
    return new Nanos(high * HIGH_MILLIS + Math.floor(rest / MILLI), rest % MILLI);
  }

  static fromBigint(nanos: bigint): Nanos {
    return new Nanos(Number(nanos / 1_000_000n), Number(nanos % 1_000_000n));
  }

  get isZero(): boolean {
    return this.millis === 0 && this.rest === 0;
  }

  /** Milliseconds with a fraction: exact to a quarter of a microsecond at today's date. */
  get time(): number {
    return this.millis + this.rest / MILLI;
  }

  /** Milliseconds from an earlier time to this one; negative when it is not earlier. */
  since(earlier: Nanos): number {
    return this.millis - earlier.millis + (this.rest - earlier.rest) / MILLI;
  }

  /** Decimal digits, as OTLP's JSON has them. */
  toJSON(): string {
    if (this.millis === 0) return String(this.rest);
    return `${this.millis}${String(this.rest).padStart(6, "0")}`;
  }
}
