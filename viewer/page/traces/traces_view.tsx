import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import type { Facets } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { formatCount } from "../format/quantity.ts";
import { Empty, HowToSend } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { LiveSwitch } from "../parts/live_switch.tsx";
import { replaceQuery, route } from "../state/route.ts";
import { FilterBar } from "./filter_bar.tsx";
import { isFiltered, NO_FILTERS, readFilters } from "./filters.ts";
import { DurationPlot } from "./duration_plot.tsx";
import { TraceRow } from "./trace_row.tsx";
import { type TraceList, useTraceList } from "./use_trace_list.ts";

/** Whether new traces come in by themselves; kept while other views are looked at. */
const isLive = signal(true);

/** The list of traces. */
export function TracesView(): VNode {
  const filters = readFilters(route.value.query);
  const scroller = useRef<HTMLDivElement>(null);
  const facets = useLoad<Facets>(apiUrl(["facets"]));
  useLive("traces", facets.reload, { everyMs: 5000 });
  const mayMove = () => {
    const element = scroller.current;
    return element === null || element.scrollTop < 4 && !element.matches(":hover") &&
        !element.contains(document.activeElement);
  };
  const list = useTraceList(filters, { live: isLive.value, mayMove });
  return (
    <section class="view" aria-label="Traces">
      <div class="toolbar">
        <FilterBar filters={filters} facets={facets.data} />
        <LiveSwitch live={isLive} />
      </div>
      <div class="view list" ref={scroller}>
        <Failure failure={list.failure} />
        {list.waiting > 0 && (
          <button type="button" class="button new-rows" onClick={list.showWaiting}>
            ↑ {formatCount(list.waiting)} new {list.waiting === 1 ? "trace" : "traces"}
          </button>
        )}
        {list.rows !== undefined && <Rows list={list} filtered={isFiltered(filters)} />}
      </div>
    </section>
  );
}

function Rows({ list, filtered }: { list: TraceList; filtered: boolean }): VNode {
  const { rows = [], fresh, complete, loadOlder, total } = list;
  if (rows.length === 0) return <NoTraces filtered={filtered} complete={complete} />;
  const longestMs = rows.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  return (
    <>
      <DurationPlot traces={rows} />
      <table class="traces" role="table" aria-label="Traces">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Service</th>
            <th role="columnheader" scope="col">Name</th>
            <th role="columnheader" scope="col">Status</th>
            <th role="columnheader" scope="col">Duration</th>
            <th role="columnheader" scope="col" class="number">Spans</th>
            <th role="columnheader" scope="col" class="number">Time</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((trace) => (
            <TraceRow
              key={trace.traceId}
              trace={trace}
              longestMs={longestMs}
              fresh={fresh.has(trace.traceId)}
            />
          ))}
        </tbody>
      </table>
      <p class="list-end muted">
        {formatCount(rows.length)} shown of {formatCount(total)} kept
        {!complete && " · the search stopped early"}
        {loadOlder !== undefined && (
          <button type="button" class="button small" onClick={loadOlder}>Load older traces</button>
        )}
      </p>
    </>
  );
}

function NoTraces({ filtered, complete }: { filtered: boolean; complete: boolean }): VNode {
  if (!filtered) {
    return (
      <Empty icon="traces" title="No traces yet">
        <HowToSend />
      </Empty>
    );
  }
  return (
    <Empty icon="filter" title="No trace matches these filters">
      <p>{complete ? "New ones that match show up here." : "The search stopped early."}</p>
      <button type="button" class="button" onClick={() => replaceQuery(NO_FILTERS)}>
        Clear filters
      </button>
    </Empty>
  );
}
