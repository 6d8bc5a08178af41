import type { ComponentChildren, VNode } from "preact";
import type { StorageState } from "../../api/model.ts";
import { formatBytes, formatCount, formatShare } from "../format/quantity.ts";
import { Meter } from "../parts/meter.tsx";
import { Ago } from "../parts/moment.tsx";
import { Text } from "../parts/text.tsx";

/** What the viewer keeps, what that takes, and what had to go. */
export function StorageCard({ state }: { state: StorageState }): VNode {
  const { traces, logs, metrics, requests, file } = state;
  return (
    <article class="card">
      <header>
        <h1>This viewer</h1>
        <span class="muted">
          version {state.version} · started <Ago ms={state.startTime} />
        </span>
      </header>
      <Meter
        label="Memory for what is kept"
        value={state.bytes}
        max={state.maxBytes}
        text={`${formatBytes(state.bytes)} of ${formatBytes(state.maxBytes)} (${
          formatShare(state.bytes, state.maxBytes)
        })`}
      />
      <dl class="tiles">
        <Tile name="Traces" value={formatCount(traces.traces)}>
          {formatCount(traces.spans)} spans, {formatBytes(traces.bytes)}
        </Tile>
        <Tile name="Logs" value={formatCount(logs.logs)}>{formatBytes(logs.bytes)}</Tile>
        <Tile name="Metrics" value={formatCount(metrics.instruments)}>
          {formatCount(metrics.series)} series, {formatCount(metrics.points)} points,{" "}
          {formatBytes(metrics.bytes)}
        </Tile>
        <Tile name="Requests" value={formatCount(requests.accepted)}>
          {formatCount(requests.refused)} refused, {formatCount(requests.refusedItems)}{" "}
          items refused
        </Tile>
      </dl>
      <h2>What had to go</h2>
      <Gone state={state} />
      {requests.lastProblem !== undefined && (
        <p class="muted">
          The newest refusal: <Text value={requests.lastProblem} />
        </p>
      )}
      {file !== undefined && (
        <p class="muted">
          Kept in <Text value={file.path} />: {formatBytes(file.bytes)} of{" "}
          {formatBytes(file.maxBytes)}
          {file.problem !== undefined && (
            <span class="error-text">
              &nbsp;· <Text value={file.problem} />
            </span>
          )}
        </p>
      )}
    </article>
  );
}

function Gone({ state: { traces, logs, metrics } }: { state: StorageState }): VNode {
  const gone: readonly (readonly [number, string])[] = [
    [traces.evictedTraces, `traces (${formatCount(traces.evictedSpans)} spans) made room`],
    [traces.spansNotKept, "spans of traces that were too large were only counted"],
    [traces.duplicates, "spans arrived twice"],
    [logs.evicted, "logs made room"],
    [metrics.evictedPoints, "older points were thinned out or made room"],
    [metrics.refusedPoints, "points were refused: too many series"],
  ];
  const shown = gone.filter(([count]) => count > 0);
  if (shown.length === 0) return <p class="muted">Nothing: everything received is kept.</p>;
  return (
    <ul class="gone">
      {shown.map(([count, text]) => (
        <li key={text}>
          <b>{formatCount(count)}</b> {text}
        </li>
      ))}
    </ul>
  );
}

function Tile(
  { name, value, children }: { name: string; value: string; children: ComponentChildren },
): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="muted">{children}</dd>
    </div>
  );
}
