import type { VNode } from "preact";
import { Icon } from "./icons.tsx";

/** An HTTP status: a class by colour, and the number that says it without. */
export function HttpStatus({ status }: { status: number | undefined }): VNode {
  if (status === undefined) return <span class="muted">–</span>;
  const tone = status >= 500 ? " error" : status >= 400 ? " warn" : status >= 200 ? " ok" : "";
  return <span class={`badge mono${tone}`}>{status}</span>;
}

/** The mark of an error; nothing where there is none. */
export function ErrorMark({ label = "Error" }: { label?: string }): VNode {
  return (
    <span class="error-mark" role="img" aria-label={label} title={label}>
      <Icon name="error" />
    </span>
  );
}

const SEVERITIES = [
  [21, "FATAL", "error"],
  [17, "ERROR", "error"],
  [13, "WARN", "warn"],
  [9, "INFO", "info"],
  [5, "DEBUG", "debug"],
  [1, "TRACE", "debug"],
] as const;

/** The name and tone of a severity number. */
export function severityOf(number: number | undefined): { name: string; tone: string } {
  for (const [from, name, tone] of SEVERITIES) {
    if (number !== undefined && number >= from) return { name, tone };
  }
  return { name: "LOG", tone: "debug" };
}

/** The severity of a log record. */
export function Severity({ number }: { number: number | undefined }): VNode {
  const { name, tone } = severityOf(number);
  return <span class={`severity ${tone}`}>{name}</span>;
}
