import type { VNode } from "preact";
import type { Span, SpanPage, SpanProblem, TraceDetail } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLoad } from "../api/hooks.ts";
import { formatDuration } from "../format/duration.ts";
import { formatDateTime } from "../format/time.ts";
import { AttributeTable } from "../parts/attribute_table.tsx";
import { CopyButton } from "../parts/copy_button.tsx";
import { Icon } from "../parts/icons.tsx";
import { Section } from "../parts/section.tsx";
import { LongText } from "../parts/text.tsx";
import { ServiceName } from "../traces/trace_row.tsx";
import { LogLines } from "./log_lines.tsx";
import { LinkSection } from "./span_links.tsx";
import { EventSection } from "./span_events.tsx";

/** What the details of a span are made from. */
export interface SpanDetailsProps {
  readonly detail: TraceDetail;
  readonly span: Span;
  /** How long the whole trace waited for this span itself. */
  readonly criticalMs: number | undefined;
  readonly onClose: () => void;
}

/** All that is known of a span. */
export function SpanDetails({ detail, span: given, criticalMs, onClose }: SpanDetailsProps): VNode {
  const { traceId } = detail.trace;
  const full = useLoad<SpanPage>(
    given.whole ? undefined : apiUrl(["traces", traceId, "spans", given.spanId]),
  );
  const span =
    full.data?.spans.find(({ startTime, name }) =>
      startTime === given.startTime && name === given.name
    ) ?? given;
  const resource = detail.resources.find(({ id }) => id === span.resourceId);
  const scope = detail.scopes[span.scopeIndex];
  const logs = detail.logs.filter(({ spanId }) => spanId === span.spanId);
  return (
    <aside class="details" aria-label="Details of the span" tabIndex={-1} data-details>
      <header>
        <h2>
          <LongText value={span.name} />
        </h2>
        <button
          type="button"
          class="button quiet small"
          aria-label="Close the details"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="facts">
        <ServiceName service={span.service} />
        <span class="badge">{span.kind}</span>
        {span.status !== "unset" && (
          <span class={`badge ${span.status === "error" ? "error" : "ok"}`}>{span.status}</span>
        )}
        <span title={formatDateTime(span.startTime)}>
          <b>{formatDuration(span.durationMs)}</b>
          <span class="muted">
            &nbsp;at +{formatDuration(Math.max(0, span.startTime - detail.trace.startTime))}
          </span>
        </span>
        {criticalMs !== undefined && (
          <span class="badge" title="How long the whole trace waited for this span itself">
            critical path {formatDuration(criticalMs)}
          </span>
        )}
      </div>
      {span.statusMessage !== undefined && (
        <p class="status-message">
          <LongText value={span.statusMessage} />
        </p>
      )}
      {span.problems?.map((problem) => <p key={problem} class="problem">{PROBLEMS[problem]}</p>)}
      <EventSection span={span} />
      <LinkSection span={span} linkedFrom={detail.linkedFrom} />
      <Section title="Attributes">
        <AttributeTable
          attributes={span.attributes}
          dropped={span.droppedAttributes}
          filterable
        />
        {!span.whole && <p class="muted">Some values are cut.</p>}
      </Section>
      {logs.length > 0 && (
        <Section title={`Logs (${logs.length})`}>
          <LogLines logs={logs} traceStart={detail.trace.startTime} />
        </Section>
      )}
      <Section title="Resource" closed>
        <AttributeTable attributes={resource?.attributes ?? []} />
      </Section>
      <Section title="Span" closed>
        <AttributeTable
          attributes={[
            { key: "trace id", value: traceId },
            { key: "span id", value: span.spanId },
            { key: "parent span id", value: span.parentSpanId ?? "none" },
            { key: "scope", value: scopeText(scope) },
            ...(span.traceState === undefined
              ? []
              : [{ key: "trace state", value: span.traceState }]),
          ]}
        />
      </Section>
      <p class="copy-all">
        <CopyButton text={JSON.stringify(span, null, 2)} what="the span as JSON" />{" "}
        Copy the span as JSON
      </p>
    </aside>
  );
}

function scopeText(scope: TraceDetail["scopes"][number] | undefined): string {
  if (scope === undefined) return "unknown";
  return scope.version === undefined ? scope.name : `${scope.name} ${scope.version}`;
}

const PROBLEMS: Readonly<Record<SpanProblem, string>> = {
  "parent-missing": "Its parent has not arrived.",
  "parent-cycle": "It is its own ancestor; it was put at the top.",
  "future": "It starts more than a minute after it arrived: the sender's clock is ahead.",
  "ends-before-start": "It ends before it starts; its duration is taken as nothing.",
  "duplicate-id": "Another span of the trace has the same id.",
};
