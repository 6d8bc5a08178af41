import type { VNode } from "preact";
import type { TraceDetail } from "../../api/model.ts";

/** What can be shown and hidden in the waterfall. */
export function WaterfallTools(
  { detail, withLogs, onLogs, collapsed, onCollapsed, zoomed, onZoomOut }: {
    detail: TraceDetail;
    withLogs: boolean;
    onLogs: (shown: boolean) => void;
    collapsed: ReadonlySet<string>;
    onCollapsed: (collapsed: ReadonlySet<string>) => void;
    zoomed: boolean;
    onZoomOut: () => void;
  },
): VNode {
  const { spans, logs } = detail;
  const parents = () =>
    new Set(
      spans.map(({ parentIndex }) => spans[parentIndex]?.spanId).filter((id) => id !== undefined),
    );
  return (
    <div class="waterfall-tools">
      <button
        type="button"
        class="button small"
        onClick={() => onCollapsed(collapsed.size > 0 ? new Set() : parents())}
      >
        {collapsed.size > 0 ? "Expand all" : "Collapse all"}
      </button>
      {logs.length > 0 && (
        <button
          type="button"
          class="button small"
          aria-pressed={withLogs}
          onClick={() => onLogs(!withLogs)}
        >
          Logs ({logs.length})
        </button>
      )}
      {zoomed && (
        <button type="button" class="button small" onClick={onZoomOut}>Show the whole time</button>
      )}
      <span class="legend muted">
        <span class="legend-critical" aria-hidden="true" /> critical path
      </span>
      <span class="legend muted">
        <span class="event-mark" aria-hidden="true" /> event
      </span>
      <span class="legend muted">
        <span class="event-mark" data-exception="true" aria-hidden="true" /> exception
      </span>
    </div>
  );
}
