import type { VNode } from "preact";
import type { TraceSummary } from "../../api/model.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { visibleText } from "../format/text.ts";
import { Ago } from "../parts/moment.tsx";
import { ErrorMark, HttpStatus } from "../parts/status.tsx";
import { Text } from "../parts/text.tsx";
import { href } from "../state/address.ts";
import { serviceClass } from "../state/service_colour.ts";

/** One trace in the list. */
export function TraceRow(
  { trace, longestMs, fresh }: { trace: TraceSummary; longestMs: number; fresh: boolean },
): VNode {
  const failed = trace.status === "error";
  return (
    <tr role="row" class={`trace-row${fresh ? " fresh" : ""}`} data-failed={failed}>
      <td role="cell" class="cell-service">
        <ServiceName service={trace.service} more={trace.services.length - 1} />
      </td>
      <td role="cell" class="cell-name">
        <a class="row-link" data-row href={href(["trace", trace.traceId])}>
          {failed && <ErrorMark />}
          <TraceName trace={trace} />
        </a>
        {!trace.rootSeen && <span class="badge warn">root not seen</span>}
      </td>
      <td role="cell" class="cell-status">
        <HttpStatus status={trace.httpStatus} />
      </td>
      <td role="cell" class="cell-duration">
        <span class="number">{formatDuration(trace.durationMs)}</span>
        <DurationBar share={longestMs > 0 ? trace.durationMs / longestMs : 0} failed={failed} />
      </td>
      <td role="cell" class="cell-spans number">
        {trace.errorCount > 0 && (
          <span class="error-text" title={`${trace.errorCount} spans failed`}>
            {formatCount(trace.errorCount)} failed ·{" "}
          </span>
        )}
        {formatCount(trace.spanCount)}
        <span class="only-narrow">{trace.spanCount === 1 ? " span" : " spans"}</span>
      </td>
      <td role="cell" class="cell-time muted number">
        <Ago ms={trace.startTime} />
      </td>
    </tr>
  );
}

/** A trace's name, its method set apart where it is a request. */
export function TraceName({ trace }: { trace: TraceSummary }): VNode {
  const { method, route, name } = trace;
  const isRequest = method !== undefined && name.startsWith(`${method} `);
  if (!isRequest) {
    return <span class="clipped" title={visibleText(name)}>{<Text value={name} />}</span>;
  }
  const rest = route ?? name.slice(method.length + 1);
  return (
    <>
      <span class="badge method">
        <Text value={method} />
      </span>
      <span class="clipped" title={visibleText(name)}>
        <Text value={rest} />
      </span>
    </>
  );
}

/** A service with its colour. */
export function ServiceName({ service, more = 0 }: { service: string; more?: number }): VNode {
  return (
    <span class={`service-name ${serviceClass(service)}`}>
      <span class="swatch" aria-hidden="true" />
      <span class="clipped" title={visibleText(service)}>
        <Text value={service} />
      </span>
      {more > 0 && (
        <span class="muted" title={`and ${more} more services`}>
          +{more}
        </span>
      )}
    </span>
  );
}

function DurationBar({ share, failed }: { share: number; failed: boolean }): VNode {
  return (
    <span class="duration-bar" data-failed={failed} aria-hidden="true">
      <span style={{ width: `${Math.max(1.5, 100 * Math.min(1, share)).toFixed(1)}%` }} />
    </span>
  );
}
