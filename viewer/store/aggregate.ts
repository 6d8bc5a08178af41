/** How the values of one kind of metric are added up over time. */
export interface Aggregate<Value> {
  add(one: Value, other: Value): Value;
  /** What happened between two totals. */
  subtract(later: Value, earlier: Value): Value;
  /** Whether a total cannot be a continuation of an earlier one. */
  isReset(later: Value, earlier: Value): boolean;
  /** Whether two values can be added at all. */
  fits(one: Value, other: Value): boolean;
  /** A value that changes nothing when it is added to another one. */
  zero(like: Value): Value;
  bytes(value: Value): number;
}
