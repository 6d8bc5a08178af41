import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Attribute, LogEntry } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLoad } from "../api/hooks.ts";
import { attributeText } from "../format/attribute.ts";
import { formatClockMillis, formatDateTime } from "../format/time.ts";
import { visibleText } from "../format/text.ts";
import { Icon } from "../parts/icons.tsx";
import { Severity, severityOf } from "../parts/status.tsx";
import { LongText, Text } from "../parts/text.tsx";
import { href } from "../state/address.ts";
import { LogAttributes } from "../trace/log_lines.tsx";
import { ServiceName } from "../traces/trace_row.tsx";

/** One log: a line that opens. */
export function LogRow({ log }: { log: LogEntry }): VNode {
  const [open, setOpen] = useState(false);
  const text = attributeText(log.body) || (log.eventName ?? "");
  return (
    <li class="log" data-tone={severityOf(log.severityNumber).tone} data-open={open}>
      <div class="log-line">
        <button
          type="button"
          class="log-button"
          data-row
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <time title={formatDateTime(log.time)} class="muted">{formatClockMillis(log.time)}</time>
          <Severity number={log.severityNumber} />
          <ServiceName service={log.service} />
          <span class="log-text clipped">
            <Text value={text} />{" "}
            <span class="muted">
              {log.attributes.filter(({ key }) => key !== "exception.stacktrace").slice(0, 4).map(
                pair,
              ).join("  ")}
            </span>
          </span>
        </button>
        <TraceLink log={log} />
      </div>
      {open && <LogOpen log={log} text={text} />}
    </li>
  );
}

function pair({ key, value }: Attribute): string {
  const text = attributeText(value);
  return `${visibleText(key).slice(0, 60)}=${visibleText(text.slice(0, 80))}`;
}

function TraceLink({ log }: { log: LogEntry }): VNode | null {
  if (log.traceId === undefined) return null;
  if (log.traceKnown !== true) {
    return <span class="log-trace muted" title="The trace is not kept here">trace gone</span>;
  }
  return (
    <a
      class="log-trace"
      href={href(["trace", log.traceId], { log: log.id })}
      aria-label={`Trace ${log.traceId}`}
    >
      <Icon name="traces" size={12} /> trace
    </a>
  );
}

function LogOpen({ log: given, text }: { log: LogEntry; text: string }): VNode {
  const full = useLoad<LogEntry>(given.whole ? undefined : apiUrl(["logs", given.id]));
  const log = full.data ?? given;
  return (
    <div class="log-open">
      <p class="log-body">
        <LongText value={full.data === undefined ? text : attributeText(log.body)} />
      </p>
      <LogAttributes log={log} />
      <p class="muted">
        {formatDateTime(log.time)} · <Text value={log.scope} />
      </p>
    </div>
  );
}
