/** An application sets it to `true` on any span whose local trace is to be kept. */
export const KEEP_ATTRIBUTE = "echelon.keep";

/** On the first span of a trace that a signed header forced. */
export const FORCED_ATTRIBUTE = "echelon.forced";
