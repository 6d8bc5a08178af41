import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TracePage, TraceSummary } from "../../api/model.ts";
import { apiUrl, request, RequestFailure } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { firstPageWith } from "../api/paging.ts";
import type { TraceFilters } from "./filters.ts";

const PAGE = 100;

/** The most rows that a live list grows to. */
const MOST_ROWS = 400;

/** The list of traces as the page shows it. */
export interface TraceList {
  readonly rows: readonly TraceSummary[] | undefined;
  /** The ids that came since the list was first shown. */
  readonly fresh: ReadonlySet<string>;
  /** How many new traces wait to be shown. */
  readonly waiting: number;
  /** How many traces are kept, whatever the filter. */
  readonly total: number;
  readonly complete: boolean;
  readonly failure: RequestFailure | undefined;
  /** Shows those that wait. */
  readonly showWaiting: () => void;
  /** Appends older ones; undefined when there are none. */
  readonly loadOlder: (() => Promise<void>) | undefined;
}

/**
 * Keeps the list of traces up to date. What a row says is always kept up; new rows come in only
 * while nobody points at the list, reads further down or has its focus in it.
 *
 * @param filters Which traces are wanted.
 * @param options Whether the list is live, and whether rows may come in at this moment.
 */
export function useTraceList(
  filters: TraceFilters,
  { live, mayMove }: { live: boolean; mayMove: () => boolean },
): TraceList {
  const query = { ...filters, limit: PAGE };
  const url = apiUrl(["traces"], query);
  const { data, url: answered, failure, reload } = useLoad<TracePage>(url);
  const [rows, setRows] = useState<readonly TraceSummary[]>();
  const [older, setOlder] = useState<{ next: string | undefined } | undefined>();
  const fresh = useRef(new Set<string>());
  const shownUrl = useRef<string | undefined>(undefined);
  useLive("traces", reload, { active: live });
  const show = (page: TracePage, add: boolean) => {
    // Where rows are left out, in between or at the end, they are found by going on from the newest.
    const leavesOut = (rows?.length ?? 0) >= MOST_ROWS || !overlap(rows ?? [], page.traces);
    if (add && leavesOut) setOlder(undefined);
    setRows((old = []) => merge(old, page.traces, { add, fresh: fresh.current }));
  };

  useEffect(() => {
    if (data === undefined) return;
    if (shownUrl.current !== answered) {
      shownUrl.current = answered;
      fresh.current = new Set();
      setOlder(undefined);
      setRows(data.traces);
    } else {
      show(data, mayMove());
    }
  }, [data, answered]);

  const shown = useMemo(() => new Set(rows?.map(({ traceId }) => traceId)), [rows]);
  const [oldest] = rows?.slice(-1) ?? [];
  const waiting = shownUrl.current !== answered
    ? 0
    : data?.traces.filter((trace) =>
      !shown.has(trace.traceId) && trace.startTime >= (oldest?.startTime ?? -Infinity)
    ).length ?? 0;
  const next = older === undefined ? data?.next : older.next;
  return {
    rows: shownUrl.current === undefined ? undefined : rows,
    fresh: fresh.current,
    waiting,
    total: data?.total ?? 0,
    complete: data?.complete ?? true,
    failure,
    showWaiting: () => {
      if (data !== undefined) show(data, true);
    },
    loadOlder: next === undefined ? undefined : async () => {
      const asked = shownUrl.current;
      try {
        const page = await firstPageWith(
          ({ traces }: TracePage) => traces.some(({ traceId }) => !shown.has(traceId)),
          { next, ask: (before) => request<TracePage>(apiUrl(["traces"], { ...query, before })) },
        );
        if (shownUrl.current !== asked) return;
        setOlder({ next: page.next });
        setRows((old = []) => append(old, page.traces));
      } catch (error) {
        // The banner of the page says that the viewer is away; the button stays.
        if (!(error instanceof RequestFailure)) throw error;
      }
    },
  };
}

/** Whether the newest traces go down to those that are shown. */
function overlap(old: readonly TraceSummary[], newest: readonly TraceSummary[]): boolean {
  const known = new Set(old.map(({ traceId }) => traceId));
  return newest.some(({ traceId }) => known.has(traceId));
}

/** Brings rows up to date, and puts new ones on top when they may be added. */
function merge(
  old: readonly TraceSummary[],
  newest: readonly TraceSummary[],
  { add, fresh }: { add: boolean; fresh: Set<string> },
): readonly TraceSummary[] {
  const byId = new Map(newest.map((trace) => [trace.traceId, trace]));
  const kept = old.map((trace) => byId.get(trace.traceId) ?? trace);
  if (!add) return kept;
  const fromAnew = !overlap(old, newest);
  const known = new Set(old.map(({ traceId }) => traceId));
  const added = newest.filter(({ traceId }) => !known.has(traceId));
  for (const { traceId } of added) fresh.add(traceId);
  if (fromAnew) return added;
  return [...added, ...kept].slice(0, Math.max(MOST_ROWS, old.length));
}

function append(
  old: readonly TraceSummary[],
  page: readonly TraceSummary[],
): readonly TraceSummary[] {
  const known = new Set(old.map(({ traceId }) => traceId));
  return [...old, ...page.filter(({ traceId }) => !known.has(traceId))];
}
