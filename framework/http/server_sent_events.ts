import { streamResponse } from "./response.ts";

/** One event of a stream, as the HTML standard's event streams have it. */
export interface ServerSentEvent {
  /** What is sent; anything but a string goes as JSON. */
  readonly data?: unknown;
  /** The event's type; `message` for the browser where there is none. */
  readonly event?: string;
  /** What a browser sends back as `Last-Event-ID` when it connects again. */
  readonly id?: string;
  /** How long the browser waits before it connects again, in milliseconds. */
  readonly retry?: number;
  /** A comment, which keeps a silent connection open. */
  readonly comment?: string;
}

/**
 * A response of server-sent events, one for each that `events` yields.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function eventStreamResponse(
  events: AsyncIterable<ServerSentEvent>,
): Response {
  return streamResponse(encodeAll(events), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    },
  });
}

async function* encodeAll(
  events: AsyncIterable<ServerSentEvent>,
): AsyncGenerator<string> {
  for await (const event of events) yield encodeEvent(event);
}

/**
 * One event as it goes over the wire.
 *
 * @throws {TypeError} When the type or the id holds a line break, which would begin another field.
 */
export function encodeEvent(event: ServerSentEvent): string {
  let text = "";
  if (event.comment !== undefined) text += lines("", event.comment);
  if (event.event !== undefined) {
    text += `event: ${singleLine("event", event.event)}\n`;
  }
  if (event.id !== undefined) text += `id: ${singleLine("id", event.id)}\n`;
  if (event.retry !== undefined) {
    text += `retry: ${Math.max(0, Math.trunc(event.retry))}\n`;
  }
  if (event.data !== undefined) {
    text += lines(
      "data",
      typeof event.data === "string" ? event.data : JSON.stringify(event.data),
    );
  }
  return `${text}\n`;
}

function lines(field: string, value: string): string {
  return value.split(/\r\n|\r|\n/).map((line) => `${field}: ${line}\n`).join(
    "",
  );
}

function singleLine(field: string, value: string): string {
  if (/[\r\n\0]/.test(value)) {
    throw new TypeError(
      `Cannot send a server-sent event whose ${field} holds a line break`,
    );
  }
  return value;
}
