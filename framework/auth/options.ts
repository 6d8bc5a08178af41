/**
 * Refuses times and counts that mean nothing.
 *
 * @param options By name.
 * @throws {RangeError} When one is not a positive number.
 */
export function assertPositive(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`The option "${name}" is ${value}: expected a positive number`);
  }
}

/** Far below the 2,048 bytes of a KV key, whatever the characters. */
const MAX_USER_ID_LENGTH = 512;

/** Refuses what cannot be a user's id. @throws {TypeError} When it is empty or too long for a key. */
export function assertUserId(userId: string): void {
  if (userId !== "" && userId.length <= MAX_USER_ID_LENGTH) return;
  throw new TypeError(
    `The user id has ${userId.length} characters: expected 1 to ${MAX_USER_ID_LENGTH}`,
  );
}
