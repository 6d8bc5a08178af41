import { diag } from "@opentelemetry/api";

/**
 * Calls into a component of the application's whose failure must stay its own.
 *
 * @param what The component, as it is called in the report, such as `A span processor`.
 * @param method Which of its methods is called.
 * @param call The call.
 */
export function guarded(what: string, method: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    report(what, method, error);
  }
}

/** The same for what is asynchronous; never rejects. */
export async function settled(
  what: string,
  method: string,
  call: () => Promise<void>,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    report(what, method, error);
  }
}

function report(what: string, method: string, error: unknown): void {
  diag.error(`${what} failed in ${method}()`, error);
}
