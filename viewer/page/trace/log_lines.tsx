import type { VNode } from "preact";
import type { LogEntry } from "../../api/model.ts";
import { attributeText } from "../format/attribute.ts";
import { formatDuration } from "../format/duration.ts";
import { AttributeTable } from "../parts/attribute_table.tsx";
import { Severity } from "../parts/status.tsx";
import { LongText } from "../parts/text.tsx";
import { ExceptionView } from "./span_events.tsx";

/** Logs of a trace, each at its time after the trace's start. */
export function LogLines(
  { logs, traceStart }: { logs: readonly LogEntry[]; traceStart: number },
): VNode {
  return (
    <ol class="log-lines">
      {logs.slice(0, 200).map((log) => (
        <li key={log.id}>
          <p>
            <Severity number={log.severityNumber} />{" "}
            <span class="muted">+{formatDuration(log.time - traceStart)}</span>
          </p>
          <p class="log-body">
            <LongText value={attributeText(log.body) || (log.eventName ?? "")} />
          </p>
          <LogAttributes log={log} />
        </li>
      ))}
    </ol>
  );
}

/** The attributes of a log; an exception among them is shown as one. */
export function LogAttributes({ log }: { log: LogEntry }): VNode | null {
  if (log.attributes.length === 0) return null;
  if (log.attributes.some(({ key }) => key === "exception.type")) {
    return <ExceptionView event={log} />;
  }
  return <AttributeTable attributes={log.attributes} dropped={log.droppedAttributes} />;
}
