import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { TraceDetail } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { Empty } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { href } from "../state/address.ts";
import { replaceQuery, route } from "../state/route.ts";
import { criticalPath, lengthOf } from "./critical_path.ts";
import { LogDetails } from "./log_details.tsx";
import { Minimap } from "./minimap.tsx";
import { type Row, waterfallRows } from "./rows.ts";
import { SpanDetails } from "./span_details.tsx";
import { type TimeWindow, windowOf, zoomed } from "./time_scale.ts";
import { TraceHead } from "./trace_head.tsx";
import { Waterfall } from "./waterfall.tsx";
import { WaterfallTools } from "./waterfall_tools.tsx";

/** A trace as a waterfall. */
export function TraceView({ traceId }: { traceId: string }): VNode {
  const { data: detail, failure, reload } = useLoad<TraceDetail>(apiUrl(["traces", traceId]));
  useLive("traces", reload, {
    when: ({ traces, missed }) => missed || traces.some((trace) => trace.traceId === traceId),
  });
  useLive("logs", reload, {
    when: ({ logs, missed }) => missed || logs.some((log) => log.traceId === traceId),
  });
  if (detail === undefined || detail.trace.traceId !== traceId.toLowerCase()) {
    return (
      <section class="view" aria-label="Trace">
        {failure?.status === 404 ? <NotHere /> : <Failure failure={failure} />}
      </section>
    );
  }
  return <Loaded key={traceId} detail={detail} />;
}

function NotHere(): VNode {
  return (
    <Empty icon="traces" title="This trace is not here">
      <p>It has not arrived yet, or it made room for newer ones. It shows up when it arrives.</p>
      <a class="button" href={href("traces")}>All traces</a>
    </Empty>
  );
}

function Loaded({ detail }: { detail: TraceDetail }): VNode {
  const { spans, linkedFrom, trace } = detail;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [withLogs, setWithLogs] = useState(true);
  const whole = useMemo(() => windowOf(spans), [spans]);
  const [zoom, setZoom] = useState<TimeWindow>();
  const window = zoom ?? whole;
  const logs = withLogs ? detail.logs : [];
  const rows = useMemo(() => waterfallRows({ spans, logs }, collapsed), [
    detail,
    withLogs,
    collapsed,
  ]);
  const critical = useMemo(() => criticalPath(spans), [spans]);
  const { query } = route.value;
  const selected = selectedKey(detail, query);
  const [, kind, place] = /^(span|log)-(.+)$/.exec(selected ?? "") ?? [];
  const span = kind === "span" ? spans[Number(place)] : undefined;
  const log = kind === "log" ? detail.logs.find(({ id }) => id === place) : undefined;
  const close = () => {
    replaceQuery({ span: "", log: "" });
    focusWaterfall();
  };
  useEffect(focusWaterfall, []);
  const select = (row: Row) =>
    replaceQuery(
      row.type === "log"
        ? { log: row.log.id, span: "" }
        : { span: spanKey(detail, row.index), log: "" },
    );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "+" || event.key === "=") setZoom(zoomed(around(window), whole, 0.5));
    else if (event.key === "-") setZoom(zoomed(window, whole, 2));
    else if (event.key === "0") setZoom(undefined);
    else if (event.key === "Escape" && selected !== undefined) {
      event.stopPropagation();
      close();
    }
  };
  /** Zooming goes towards the selected span. */
  const around = (window: TimeWindow): TimeWindow => {
    if (span === undefined) return window;
    const middle = span.startTime + span.durationMs / 2;
    const half = (window.to - window.from) / 2;
    return { from: middle - half, to: middle + half };
  };

  return (
    <section class="view" aria-label="Trace" onKeyDown={onKeyDown}>
      <TraceHead detail={detail} />
      <div class="trace-body" data-details-open={span !== undefined || log !== undefined}>
        <div class="trace-main">
          <WaterfallTools
            detail={detail}
            withLogs={withLogs}
            onLogs={setWithLogs}
            collapsed={collapsed}
            onCollapsed={setCollapsed}
            zoomed={zoom !== undefined}
            onZoomOut={() => setZoom(undefined)}
          />
          <Minimap
            spans={spans}
            whole={whole}
            window={window}
            onZoom={(next) => setZoom(next === whole ? undefined : next)}
          />
          <Waterfall
            spans={spans}
            linkedFrom={linkedFrom}
            rows={rows}
            critical={critical}
            window={window}
            traceStart={whole.from}
            selected={selected}
            onSelect={select}
            onToggle={(spanId) => setCollapsed((old) => toggled(old, spanId))}
            onOpen={() => document.querySelector<HTMLElement>("[data-details]")?.focus()}
          />
        </div>
        {span !== undefined && (
          <SpanDetails
            key={selected}
            detail={detail}
            span={span}
            criticalMs={criticalOf(critical, Number(place))}
            onClose={close}
          />
        )}
        {log !== undefined && (
          <LogDetails key={selected} log={log} traceStart={trace.startTime} onClose={close} />
        )}
      </div>
    </section>
  );
}

function criticalOf(
  path: ReturnType<typeof criticalPath>,
  index: number,
): number | undefined {
  const stretches = path.get(index);
  return stretches === undefined ? undefined : lengthOf(stretches);
}

function focusWaterfall(): void {
  document.querySelector<HTMLElement>("[data-waterfall]")?.focus({ preventScroll: true });
}

/** How the address names a span: by its id, or by its place where the id is there twice. */
function spanKey({ spans }: TraceDetail, index: number): string {
  const id = spans[index]?.spanId ?? "";
  return spans.findIndex(({ spanId }) => spanId === id) === index ? id : `at-${index}`;
}

/** The key of the row that the address names. */
function selectedKey({ spans }: TraceDetail, query: URLSearchParams): string | undefined {
  const log = query.get("log");
  if (log !== null) return `log-${log}`;
  const span = query.get("span");
  if (span === null) return undefined;
  const place = /^at-(\d+)$/.exec(span)?.[1];
  const index = place === undefined
    ? spans.findIndex(({ spanId }) => spanId === span)
    : Number(place);
  return index < 0 ? undefined : `span-${index}`;
}

function toggled(old: ReadonlySet<string>, spanId: string): ReadonlySet<string> {
  const next = new Set(old);
  if (!next.delete(spanId)) next.add(spanId);
  return next;
}
