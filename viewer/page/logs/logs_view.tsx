import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Facets, LogEntry, LogPage } from "../../api/model.ts";
import { apiUrl, request, RequestFailure } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { firstPageWith } from "../api/paging.ts";
import { formatCount } from "../format/quantity.ts";
import { visibleText } from "../format/text.ts";
import { Empty, HowToSend } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { LiveSwitch } from "../parts/live_switch.tsx";
import { SearchField } from "../parts/search_field.tsx";
import { replaceQuery, route } from "../state/route.ts";
import { LogRow } from "./log_row.tsx";

const PAGE = 200;
const MOST_ROWS = 1000;

/** Whether new logs come in by themselves; kept while other views are looked at. */
const isLive = signal(true);

const SEVERITIES = [["5", "Debug and up"], ["9", "Info and up"], ["13", "Warnings and up"], [
  "17",
  "Errors",
]] as const;

/** The logs, the newest first. */
export function LogsView(): VNode {
  const { query } = route.value;
  const text = (name: string) => query.get(name) ?? "";
  const filters = {
    q: text("q"),
    service: text("service"),
    severity: text("severity"),
    traceId: text("traceId"),
  };
  const facets = useLoad<Facets>(apiUrl(["facets"]));
  const services = facets.data?.services.map(({ value }) => value) ?? [];
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <section class="view" aria-label="Logs">
      <div class="toolbar">
        <search class="filters">
          <SearchField
            value={filters.q}
            label="Search logs"
            placeholder="Search text and attributes"
            onChange={(q) => replaceQuery({ q })}
          />
          <select
            class="field choice"
            aria-label="Severity"
            value={filters.severity}
            onChange={(event) => replaceQuery({ severity: event.currentTarget.value })}
          >
            <option value="">Any severity</option>
            {SEVERITIES.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </select>
          <select
            class="field choice"
            aria-label="Service"
            value={filters.service}
            onChange={(event) => replaceQuery({ service: event.currentTarget.value })}
          >
            <option value="">All services</option>
            {[...new Set([...services, filters.service])].filter(Boolean).map((service) => (
              <option key={service} value={service}>{visibleText(service).slice(0, 100)}</option>
            ))}
          </select>
          {filters.traceId !== "" && (
            <button
              type="button"
              class="button small"
              onClick={() => replaceQuery({ traceId: "" })}
            >
              Trace <code>{filters.traceId.slice(0, 8)}</code> ×
            </button>
          )}
        </search>
        <LiveSwitch live={isLive} />
      </div>
      <div class="view list" ref={scroller}>
        <Rows
          key={JSON.stringify(filters)}
          query={filters}
          mayMove={() => {
            const element = scroller.current;
            return element === null || element.scrollTop < 4 && !element.matches(":hover") &&
                !element.contains(document.activeElement);
          }}
        />
      </div>
    </section>
  );
}

function Rows(
  { query, mayMove }: { query: Readonly<Record<string, string>>; mayMove: () => boolean },
): VNode {
  const { data, failure, reload } = useLoad<LogPage>(apiUrl(["logs"], { ...query, limit: PAGE }));
  const [rows, setRows] = useState<readonly LogEntry[]>();
  const [older, setOlder] = useState<{ next: string | undefined }>();
  useLive("logs", reload, { active: isLive.value });
  const show = ({ logs }: LogPage) => {
    const known = new Set(rows?.map(({ id }) => id));
    const overlap = logs.some(({ id }) => known.has(id));
    // Where rows are left out, in between or at the end, they are found by going on from the newest.
    if (!overlap || known.size >= MOST_ROWS) setOlder(undefined);
    setRows((old = []) => overlap ? merge(logs, old) : logs);
  };
  useEffect(() => {
    if (data !== undefined && (rows === undefined || rows.length === 0 || mayMove())) show(data);
  }, [data]);
  if (rows === undefined || data === undefined) return <Failure failure={failure} />;
  if (rows.length === 0) return <NoLogs filtered={Object.values(query).some(Boolean)} />;
  const known = new Set(rows.map(({ id }) => id));
  const waiting = data.logs.filter(({ id }) => !known.has(id)).length;
  const next = older === undefined ? data.next : older.next;
  const loadOlder = async (next: string) => {
    try {
      const page = await firstPageWith(
        ({ logs }: LogPage) => logs.some(({ id }) => !known.has(id)),
        {
          next,
          ask: (before) => request<LogPage>(apiUrl(["logs"], { ...query, limit: PAGE, before })),
        },
      );
      setOlder({ next: page.next });
      setRows((old = []) => merge(old, page.logs));
    } catch (error) {
      // The banner of the page says that the viewer is away; the button stays.
      if (!(error instanceof RequestFailure)) throw error;
    }
  };
  return (
    <>
      <Failure failure={failure} />
      {waiting > 0 && (
        <button type="button" class="button new-rows" onClick={() => show(data)}>
          ↑ {formatCount(waiting)} new {waiting === 1 ? "log" : "logs"}
        </button>
      )}
      <ul class="logs" aria-label="Logs">
        {rows.map((log) => <LogRow key={log.id} log={log} />)}
      </ul>
      <p class="list-end muted">
        {formatCount(rows.length)} shown of {formatCount(data.total)} kept
        {!data.complete && " · the search stopped early"}
        {next !== undefined && (
          <button
            type="button"
            class="button small"
            onClick={() => loadOlder(next)}
          >
            Load older logs
          </button>
        )}
      </p>
    </>
  );
}

/** Puts two lists into one, nothing twice and never too long. */
function merge(first: readonly LogEntry[], second: readonly LogEntry[]): readonly LogEntry[] {
  const known = new Set(first.map(({ id }) => id));
  const all = [...first, ...second.filter(({ id }) => !known.has(id))];
  return all.slice(0, Math.max(MOST_ROWS, first.length + PAGE));
}

function NoLogs({ filtered }: { filtered: boolean }): VNode {
  if (!filtered) {
    return (
      <Empty icon="logs" title="No logs yet">
        <HowToSend />
      </Empty>
    );
  }
  return (
    <Empty icon="filter" title="No log matches these filters">
      <button
        type="button"
        class="button"
        onClick={() => replaceQuery({ q: "", service: "", severity: "", traceId: "" })}
      >
        Clear filters
      </button>
    </Empty>
  );
}
