import type { VNode } from "preact";
import type { TraceDetail } from "../../api/model.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { formatDateTime } from "../format/time.ts";
import { CopyButton } from "../parts/copy_button.tsx";
import { Icon } from "../parts/icons.tsx";
import { Ago } from "../parts/moment.tsx";
import { HttpStatus } from "../parts/status.tsx";
import { href } from "../state/address.ts";
import { ServiceName, TraceName } from "../traces/trace_row.tsx";

/** What a trace is, in two lines. */
export function TraceHead({ detail }: { detail: TraceDetail }): VNode {
  const { trace, spans } = detail;
  const notShown = trace.spanCount - spans.length;
  return (
    <header class="trace-head">
      <div class="trace-title">
        <a class="button quiet small" href={href("traces")} aria-label="Back to the traces">
          <Icon name="back" />
        </a>
        <h1>
          <TraceName trace={trace} />
        </h1>
        {trace.httpStatus !== undefined && <HttpStatus status={trace.httpStatus} />}
        {trace.status === "error" && <span class="badge error">error</span>}
        {!trace.rootSeen && <span class="badge warn">root not seen</span>}
        <span class="trace-id mono muted">
          {trace.traceId}
          <CopyButton text={trace.traceId} what="the trace id" />
        </span>
        <a
          class="button small"
          href={`/api/traces/${encodeURIComponent(trace.traceId)}/otlp`}
          download
          title="Export as OTLP JSON"
        >
          <Icon name="download" size={13} />
          Export
        </a>
      </div>
      <dl class="trace-facts">
        <Fact name="Duration">{formatDuration(trace.durationMs)}</Fact>
        <Fact name="Started">
          <span title={formatDateTime(trace.startTime)}>
            <Ago ms={trace.startTime} />
          </span>
        </Fact>
        <Fact name="Spans">{formatCount(trace.spanCount)}</Fact>
        <Fact name="Failed">
          <span class={trace.errorCount > 0 ? "error-text" : ""}>
            {formatCount(trace.errorCount)}
          </span>
        </Fact>
        <Fact name="Logs">{formatCount(trace.logCount)}</Fact>
        <Fact name={trace.services.length === 1 ? "Service" : "Services"}>
          <span class="services">
            {trace.services.map((service) => <ServiceName key={service} service={service} />)}
          </span>
        </Fact>
      </dl>
      {notShown > 0 && (
        <p class="banner">
          The trace has {formatCount(trace.spanCount)} spans; the first {formatCount(spans.length)}
          {" "}
          are shown.
        </p>
      )}
    </header>
  );
}

function Fact({ name, children }: { name: string; children: VNode | string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
