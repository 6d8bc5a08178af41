/** The collector cannot be had on this machine, and nothing in the project can change that. */
export class CollectorUnavailableError extends Error {
  override readonly name = "CollectorUnavailableError";
}
