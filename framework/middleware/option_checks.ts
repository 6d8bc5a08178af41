/**
 * Refuses an option that is no whole number, or out of range.
 *
 * @param what The option as a reader knows it, such as `time limit`.
 * @param value What was given.
 * @param range The smallest value that makes sense, and the largest where there is one.
 * @throws {RangeError} Naming all of them.
 */
export function assertInteger(
  what: string,
  value: number,
  range: { readonly from: number; readonly to?: number },
): void {
  const { from, to = Number.MAX_SAFE_INTEGER } = range;
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const expected = range.to === undefined ? `from ${from} on` : `from ${from} to ${to}`;
  throw new RangeError(`The ${what} is ${value}: expected a whole number ${expected}`);
}
