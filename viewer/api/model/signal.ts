/** The three kinds of telemetry. */
export type Signal = "traces" | "metrics" | "logs";

/** The answer with every status from 400 on. */
export interface ApiError {
  readonly error: { readonly status: number; readonly message: string };
}
