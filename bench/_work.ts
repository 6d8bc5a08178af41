let sum = 0;

/** The least that a span can stand around. */
export function work(): void {
  sum += 1;
}

/** The same across an `await`. */
export async function asyncWork(): Promise<void> {
  await Promise.resolve();
  sum += 1;
}

/** What a span of the application's own usually has. */
export const options = { attributes: { "bench.kind": "work" } };
