import type { VNode } from "preact";
import type { Pipeline, Pipelines, PipelineSignal } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { storage } from "../api/live.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { Empty } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { Meter } from "../parts/meter.tsx";
import { Ago } from "../parts/moment.tsx";
import { Text } from "../parts/text.tsx";
import { StorageCard } from "./storage_card.tsx";
import { ServiceName } from "../traces/trace_row.tsx";

/** How the senders' pipelines are, and what the viewer itself keeps. */
export function PipelineView(): VNode {
  const { data, failure, reload } = useLoad<Pipelines>(apiUrl(["pipeline"]));
  useLive("metrics", reload, { everyMs: 2000 });
  return (
    <section class="view scrolls" aria-label="Pipeline">
      <div class="column stack">
        <Failure failure={failure} />
        {storage.value !== undefined && <StorageCard state={storage.value} />}
        <h1>Senders</h1>
        {data?.pipelines.length === 0 && <NoPipelines />}
        {data?.pipelines.map((pipeline) => (
          <PipelineCard key={pipeline.resourceId} pipeline={pipeline} />
        ))}
      </div>
    </section>
  );
}

function NoPipelines(): VNode {
  return (
    <Empty icon="pipeline" title="No sender tells of its own pipeline yet">
      <p>
        An SDK that counts what it queues, exports and drops in metrics named{" "}
        <code>otel.sdk.*</code> shows up here; this project's own does, as long as metrics are on.
      </p>
    </Empty>
  );
}

function PipelineCard({ pipeline }: { pipeline: Pipeline }): VNode {
  return (
    <article class="card">
      <header>
        <h2>
          <ServiceName service={pipeline.service} />
        </h2>
        {pipeline.instanceId !== undefined && (
          <span class="muted mono clipped">
            <Text value={pipeline.instanceId} />
          </span>
        )}
        <span class="muted">
          heard <Ago ms={pipeline.lastTime} />
        </span>
      </header>
      <table class="pipeline">
        <thead>
          <tr>
            <th scope="col">Signal</th>
            <th scope="col">Queue</th>
            <th scope="col" class="number">In flight</th>
            <th scope="col" class="number">Exported</th>
            <th scope="col" class="number">Export takes</th>
            <th scope="col">Dropped</th>
          </tr>
        </thead>
        <tbody>
          {pipeline.signals.map((signal) => <SignalRow key={signal.signal} signal={signal} />)}
        </tbody>
      </table>
    </article>
  );
}

function SignalRow({ signal }: { signal: PipelineSignal }): VNode {
  const { queueSize, queueCapacity, inflight, exported, exportMeanMs, dropped } = signal;
  return (
    <tr>
      <th scope="row">{signal.signal}</th>
      <td>
        {queueSize === undefined || queueCapacity === undefined
          ? <span class="muted">no queue</span>
          : (
            <Meter
              label={`Queue of ${signal.signal}`}
              value={queueSize}
              max={queueCapacity}
              text={`${formatCount(queueSize)} of ${formatCount(queueCapacity)}`}
            />
          )}
      </td>
      <td class="number">{inflight === undefined ? "–" : formatCount(inflight)}</td>
      <td class="number">{formatCount(exported)}</td>
      <td class="number">{exportMeanMs === undefined ? "–" : formatDuration(exportMeanMs)}</td>
      <td>
        {dropped.length === 0 ? <span class="badge ok">nothing</span> : (
          <ul class="drops">
            {dropped.map(({ where, reason, count }) => (
              <li key={`${where} ${reason}`}>
                <span class="badge error">{formatCount(count)}</span>
                <Text value={reason} />
                <span class="muted">in the {where}</span>
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}
