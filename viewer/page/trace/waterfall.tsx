import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BackLink, Span } from "../../api/model.ts";
import { useRowWindow } from "../parts/use_window.ts";
import type { Stretch } from "./critical_path.ts";
import type { Row } from "./rows.ts";
import { Guides, Ruler } from "./ruler.tsx";
import { marksIn, type TimeWindow } from "./time_scale.ts";
import { handleWaterfallKey } from "./waterfall_keys.ts";
import { LogRowView, ROW_HEIGHT, SpanRowView } from "./waterfall_row.tsx";

/** What the waterfall shows and tells. */
export interface WaterfallProps {
  readonly spans: readonly Span[];
  readonly linkedFrom: readonly BackLink[];
  readonly rows: readonly Row[];
  readonly critical: ReadonlyMap<number, readonly Stretch[]>;
  readonly window: TimeWindow;
  readonly traceStart: number;
  /** The key of the selected row. */
  readonly selected: string | undefined;
  readonly onSelect: (row: Row) => void;
  readonly onToggle: (spanId: string) => void;
  /** Enter: on to the details. */
  readonly onOpen: () => void;
}

const RULER_HEIGHT = 28;

/** The spans of a trace over time; only the rows that can be seen are in the page. */
export function Waterfall(props: WaterfallProps): VNode {
  const { spans, rows, critical, window, selected, onSelect, onToggle, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { from, to } = useRowWindow(scroller, rows.length, { rowHeight: ROW_HEIGHT });
  const linked = useMemo(() => linkedSpans(spans, props.linkedFrom), [spans, props.linkedFrom]);
  const marks = marksIn(window, props.traceStart);
  const at = rows.findIndex(({ key }) => key === selected);
  const [moved, setMoved] = useState(0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || at < 0) return;
    const top = at * ROW_HEIGHT;
    const room = element.clientHeight - RULER_HEIGHT;
    if (top < element.scrollTop) element.scrollTop = Math.max(0, top - 2 * ROW_HEIGHT);
    else if (top + ROW_HEIGHT > element.scrollTop + room) {
      element.scrollTop = top - room + 3 * ROW_HEIGHT;
    }
  }, [moved, selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handled = handleWaterfallKey(event.key, {
      rows,
      at,
      pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2),
      select: (place) => {
        const row = rows[place];
        if (row !== undefined) onSelect(row);
        setMoved((count) => count + 1);
      },
      toggle: (place) => {
        const row = rows[place];
        if (row?.type === "span") onToggle(row.span.spanId);
      },
      open: onOpen,
    });
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scroller}
      class="waterfall"
      role="treegrid"
      aria-label="Spans and logs of the trace"
      aria-rowcount={rows.length + 1}
      aria-colcount={2}
      tabIndex={0}
      data-waterfall
      {...(at >= from && at < to && { "aria-activedescendant": `row-${at}` })}
      onKeyDown={onKeyDown}
    >
      <Ruler marks={marks} />
      <div
        role="rowgroup"
        class="w-rows"
        style={{ height: `${rows.length * ROW_HEIGHT}px`, paddingTop: `${from * ROW_HEIGHT}px` }}
      >
        <Guides marks={marks} />
        {rows.slice(from, to).map((row, i) => {
          const place = {
            id: `row-${from + i}`,
            position: from + i,
            selected: row.key === selected,
            window,
            onSelect: () => onSelect(row),
          };
          if (row.type === "log") return <LogRowView key={row.key} row={row} {...place} />;
          return (
            <SpanRowView
              key={row.key}
              row={row}
              parentService={spans[row.span.parentIndex]?.service}
              critical={critical.get(row.index)}
              linked={linked.has(row.span.spanId)}
              onToggle={() => onToggle(row.span.spanId)}
              {...place}
            />
          );
        })}
      </div>
    </div>
  );
}

function linkedSpans(spans: readonly Span[], linkedFrom: readonly BackLink[]): Set<string> {
  return new Set([
    ...spans.filter(({ links }) => links.length > 0).map(({ spanId }) => spanId),
    ...linkedFrom.map(({ toSpanId }) => toSpanId),
  ]);
}
