import type { VNode } from "preact";
import type { Span, SpanEvent } from "../../api/model.ts";
import { findAttribute } from "../format/attribute.ts";
import { formatDuration } from "../format/duration.ts";
import { AttributeTable } from "../parts/attribute_table.tsx";
import { CopyButton } from "../parts/copy_button.tsx";
import { Section } from "../parts/section.tsx";
import { LongText, Text } from "../parts/text.tsx";

/** More events than this are only counted. */
const MOST_EVENTS = 200;

/** What happened in a span; exceptions with their stack. */
export function EventSection({ span }: { span: Span }): VNode | null {
  const { events, droppedEvents = 0 } = span;
  if (events.length === 0 && droppedEvents === 0) return null;
  return (
    <Section title={`Events (${events.length})`}>
      <ol class="events">
        {events.slice(0, MOST_EVENTS).map((event, i) => (
          <li key={i}>
            <EventView event={event} spanStart={span.startTime} />
          </li>
        ))}
      </ol>
      {events.length > MOST_EVENTS && (
        <p class="muted">{events.length - MOST_EVENTS} more are not shown.</p>
      )}
      {droppedEvents > 0 && <p class="muted">{droppedEvents} more were dropped by the sender.</p>}
    </Section>
  );
}

function EventView({ event, spanStart }: { event: SpanEvent; spanStart: number }): VNode {
  const isException = event.name === "exception";
  return (
    <>
      <p class="event-head">
        <span class="event-mark" data-exception={isException} aria-hidden="true" />
        <b class="clipped">
          <Text value={event.name} />
        </b>
        <span class="muted">+{formatDuration(event.time - spanStart)}</span>
      </p>
      {isException
        ? <ExceptionView event={event} />
        : event.attributes.length > 0 && (
          <AttributeTable attributes={event.attributes} dropped={event.droppedAttributes} />
        )}
    </>
  );
}

const EXCEPTION_KEYS = ["exception.type", "exception.message", "exception.stacktrace"] as const;

/** An exception: its type and message, and the stack below. */
export function ExceptionView({ event }: { event: Pick<SpanEvent, "attributes"> }): VNode {
  const [type, message, stack] = EXCEPTION_KEYS.map((key) => findAttribute(event.attributes, key));
  const rest = event.attributes.filter(({ key }) =>
    !EXCEPTION_KEYS.some((known) => known === key) && key !== "exception.escaped"
  );
  return (
    <div class="exception">
      <div class="exception-title">
        <p>
          <b>
            <LongText value={type ?? "Exception"} />
          </b>
          {message !== undefined && (
            <>
              : <LongText value={message} />
            </>
          )}
        </p>
        {stack !== undefined && <CopyButton text={stack} what="the stack" />}
      </div>
      {stack !== undefined && (
        <div class="stack">
          <pre tabIndex={0} aria-label="Stack"><LongText value={stack} /></pre>
        </div>
      )}
      {rest.length > 0 && <AttributeTable attributes={rest} />}
    </div>
  );
}
