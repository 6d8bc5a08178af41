/** A receiver's word that a batch is too large for it: smaller ones may pass. */
export class BatchTooLargeError extends Error {
  override name = "BatchTooLargeError";
}
