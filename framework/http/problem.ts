import { HttpError, statusPhrase } from "../errors.ts";
import { activeTraceId } from "../telemetry/otel.ts";
import { markWhole } from "../telemetry/response_body.ts";

/** A problem document (RFC 9457). */
export interface ProblemDocument {
  /** A URI that names the kind of problem. */
  readonly type: string;
  /** The kind of problem in a few words. */
  readonly title: string;
  /** The response's status. */
  readonly status: number;
  /** What happened this time. */
  readonly detail?: string;
  /** The trace to look at, for whoever runs the service. */
  readonly traceId?: string;
  /** Further members. */
  readonly [member: string]: unknown;
}

/**
 * The response for something that was thrown.
 *
 * @param error What was thrown. An {@linkcode HttpError} says its own status, anything else is 500.
 * @param options `development`: also send the message of a 5xx, the stack and the causes. Without
 *   it nothing of the inside is sent.
 */
export function problemResponse(
  error: unknown,
  options: { readonly development: boolean },
): Response {
  const headers = new Headers(
    error instanceof HttpError ? error.headers : undefined,
  );
  headers.set("content-type", "application/problem+json");
  const problem = problemDocument(error, options.development);
  return markWhole(
    new Response(JSON.stringify(problem), { status: problem.status, headers }),
  );
}

function problemDocument(
  error: unknown,
  development: boolean,
): ProblemDocument {
  const traceId = activeTraceId();
  const trace = traceId === undefined ? {} : { traceId };
  const inside = development ? { detail: messageOf(error), stack: stackOf(error) } : {};
  if (!(error instanceof HttpError)) {
    return {
      type: "about:blank",
      title: statusPhrase(500),
      status: 500,
      ...inside,
      ...trace,
    };
  }
  const { type, title, status, message, extensions } = error;
  const detail = status < 500 && message !== title ? { detail: message } : {};
  return {
    ...extensions,
    type,
    title,
    status,
    ...(status < 500 ? detail : inside),
    ...trace,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The stack as lines, each cause after what it caused. */
function stackOf(error: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    lines.push(
      ...(at.stack ?? String(at)).split("\n").map((line) => line.trim()),
    );
  }
  return lines;
}
