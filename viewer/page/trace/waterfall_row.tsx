import type { VNode } from "preact";
import type { Span } from "../../api/model.ts";
import { attributeText } from "../format/attribute.ts";
import { formatDuration } from "../format/duration.ts";
import { formatClockMillis } from "../format/time.ts";
import { visibleText } from "../format/text.ts";
import { Icon } from "../parts/icons.tsx";
import { ErrorMark, Severity, severityOf } from "../parts/status.tsx";
import { Text } from "../parts/text.tsx";
import { serviceClass } from "../state/service_colour.ts";
import type { Stretch } from "./critical_path.ts";
import type { LogRow, SpanRow } from "./rows.ts";
import { isWithin, percentAt, type TimeWindow } from "./time_scale.ts";

/** How high every row of the waterfall is, in pixels. */
export const ROW_HEIGHT = 26;

/** Deeper than this is told by a number and no longer by the indent. */
const MOST_INDENTS = 18;

/** What every kind of row is given. */
interface RowPlace {
  readonly id: string;
  readonly position: number;
  readonly selected: boolean;
  readonly window: TimeWindow;
  readonly onSelect: () => void;
}

/** What a span's row is given. */
export interface SpanRowProps extends RowPlace {
  readonly row: SpanRow;
  /** The service of the span above it in the tree: it is not named again. */
  readonly parentService: string | undefined;
  readonly critical: readonly Stretch[] | undefined;
  readonly linked: boolean;
  readonly onToggle: () => void;
}

/** A span in the waterfall. */
export function SpanRowView(props: SpanRowProps): VNode {
  const { row, parentService, critical, linked, window, onToggle } = props;
  const { span, open, children } = row;
  const failed = span.status === "error";
  const name = visibleText(span.name);
  return (
    <div
      {...rowAttributes(props, row.level)}
      class={`w-row ${serviceClass(span.service)}`}
      {...(children > 0 && { "aria-expanded": open })}
    >
      <div role="gridcell" class="w-name" style={indent(row.level)}>
        {children > 0
          ? (
            <button
              type="button"
              class="w-caret"
              tabIndex={-1}
              aria-label={`${open ? "Collapse" : "Expand"} ${name.slice(0, 100)}`}
              onClick={(event) => {
                event.stopPropagation();
                onToggle();
              }}
            >
              <Icon name={open ? "down" : "right"} size={11} />
              {!open && <span class="w-count">{children}</span>}
            </button>
          )
          : <span class="w-caret" />}
        <span class="swatch" aria-hidden="true" />
        {failed && <ErrorMark label="Failed" />}
        <span class="clipped w-label" title={name.slice(0, 1000)}>
          <Text value={span.name} />
        </span>
        {span.kind !== "internal" && span.kind !== "unspecified" && (
          <span class="w-kind">{span.kind}</span>
        )}
        {linked && (
          <span class="w-linked" role="img" aria-label="Has links" title="Has links">
            <Icon name="link" size={12} />
          </span>
        )}
        {span.service !== parentService && (
          <span class="clipped w-service">
            <Text value={span.service} />
          </span>
        )}
      </div>
      <div role="gridcell" class="w-time">
        <Bar span={span} window={window} critical={critical} />
      </div>
    </div>
  );
}

function Bar(
  { span, window, critical = [] }: {
    span: Span;
    window: TimeWindow;
    critical: readonly Stretch[] | undefined;
  },
): VNode {
  const left = percentAt(window, span.startTime);
  const right = percentAt(window, span.startTime + span.durationMs);
  const text = formatDuration(span.durationMs);
  // Right of the bars is room for a duration; only a zoom makes a bar go beyond it.
  const side = right <= 100.01 ? "after" : left >= 12 ? "before" : "inside";
  const from = Math.max(-1, Math.min(101, left));
  const to = Math.max(-1, Math.min(101, right));
  const place = side === "after"
    ? { left: `calc(${to}% + 6px)` }
    : side === "before"
    ? { right: `calc(${100 - from}% + 6px)` }
    : { right: `${Math.max(0, 100 - to)}%` };
  return (
    <>
      <span
        class="w-bar"
        data-failed={span.status === "error"}
        style={{ left: `${from}%`, width: `${to - from}%` }}
      />
      {critical.map((stretch) => (
        <span
          key={stretch.from}
          class="w-critical"
          style={part(window, stretch)}
        />
      ))}
      {span.events.slice(0, 50).filter(({ time }) => isWithin(window, time)).map((event, i) => (
        <span
          key={i}
          class="w-event"
          data-exception={event.name === "exception"}
          title={`${visibleText(event.name).slice(0, 200)} at ${
            formatDuration(event.time - span.startTime)
          }`}
          style={{ left: `${percentAt(window, event.time)}%` }}
        />
      ))}
      <span class={`w-duration ${side}`} style={place}>{text}</span>
    </>
  );
}

function part(window: TimeWindow, { from, to }: Stretch): { left: string; width: string } {
  const left = Math.max(-1, Math.min(101, percentAt(window, from)));
  const right = Math.max(-1, Math.min(101, percentAt(window, to)));
  return { left: `${left}%`, width: `${right - left}%` };
}

/** A log in the waterfall, at its time. */
export function LogRowView(props: RowPlace & { readonly row: LogRow }): VNode {
  const { row, window } = props;
  const { log, level } = row;
  const text = attributeText(log.body) || (log.eventName ?? "");
  return (
    <div {...rowAttributes(props, level)} class="w-row w-log">
      <div role="gridcell" class="w-name" style={indent(level)}>
        <span class="w-caret" />
        <Severity number={log.severityNumber} />
        <span class="clipped" title={visibleText(text).slice(0, 1000)}>
          <Text value={text} />
        </span>
      </div>
      <div role="gridcell" class="w-time">
        {isWithin(window, log.time) && (
          <span
            class={`w-mark ${severityOf(log.severityNumber).tone}`}
            title={formatClockMillis(log.time)}
            style={{ left: `${percentAt(window, log.time)}%` }}
          />
        )}
      </div>
    </div>
  );
}

function rowAttributes({ id, position, selected, onSelect }: RowPlace, level: number) {
  return {
    id,
    role: "row",
    "aria-level": level + 1,
    "aria-rowindex": position + 2,
    "aria-selected": selected,
    onClick: onSelect,
  } as const;
}

function indent(level: number): { "--level": string } {
  return { "--level": String(Math.min(level, MOST_INDENTS)) };
}
