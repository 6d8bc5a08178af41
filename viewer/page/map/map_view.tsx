import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ServiceMap, ServiceNode } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount, formatRate, formatShare } from "../format/quantity.ts";
import { Empty, HowToSend } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { Text } from "../parts/text.tsx";
import { EdgeView, NodeView } from "./drawing.tsx";
import { layOut } from "./layout.ts";

/** Who calls whom. */
export function MapView(): VNode {
  const { data: map, failure, reload } = useLoad<ServiceMap>(apiUrl(["service-map"]));
  useLive("traces", reload, { everyMs: 3000 });
  return (
    <section class="view scrolls" aria-label="Service map">
      <div class="column wide stack">
        <Failure failure={failure} />
        {map?.nodes.length === 0 && (
          <Empty icon="map" title="No services yet">
            <HowToSend />
          </Empty>
        )}
        {map !== undefined && map.nodes.length > 0 && <Drawn map={map} />}
      </div>
    </section>
  );
}

function Drawn({ map }: { map: ServiceMap }): VNode {
  const [near, setNear] = useState<string>();
  const { nodes, edges } = map;
  const shape = JSON.stringify([
    nodes.map(({ id }) => id),
    edges.map(({ from, to }) => [from, to]),
  ]);
  const layout = useMemo(() => layOut(nodes.map(({ id }) => id), edges), [shape]);
  const places = new Map(layout.places.map((place) => [place.name, place]));
  const seconds = Math.max(1, (map.to - map.from) / 1000);
  const known = new Map(nodes.map((node) => [node.id, node]));
  return (
    <>
      <p class="muted">
        From {map.complete ? "" : "the newest "}
        {formatCount(map.traces)} traces of{" "}
        {formatDuration(map.to - map.from)}. A service leads to its traces.
      </p>
      <div class="map" tabIndex={0} role="group" aria-label="Map of the services">
        <svg
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          style={{ width: `${layout.width}px`, minWidth: `${0.65 * layout.width}px` }}
        >
          {edges.map((edge) => (
            <EdgeView
              key={`${edge.from} ${edge.to}`}
              edge={edge}
              from={places.get(edge.from)}
              to={places.get(edge.to)}
              seconds={seconds}
              dim={near !== undefined && edge.from !== near && edge.to !== near}
            />
          ))}
          {nodes.map((node) => (
            <NodeView
              key={node.id}
              node={node}
              place={places.get(node.id)}
              seconds={seconds}
              onNear={setNear}
            />
          ))}
        </svg>
      </div>
      <h2>Calls</h2>
      <div class="card table-card">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" class="number">Calls</th>
              <th scope="col" class="number">Rate</th>
              <th scope="col" class="number">Errors</th>
              <th scope="col" class="number">p50</th>
              <th scope="col" class="number">p95</th>
              <th scope="col" class="number">p99</th>
            </tr>
          </thead>
          <tbody>
            {edges.map((edge) => (
              <tr key={`${edge.from} ${edge.to}`}>
                <td>
                  <NodeName id={edge.from} node={known.get(edge.from)} />
                </td>
                <td>
                  <NodeName id={edge.to} node={known.get(edge.to)} />
                </td>
                <td class="number">{formatCount(edge.count)}</td>
                <td class="number">{formatRate(edge.count / seconds)}</td>
                <td class={`number${edge.errorCount > 0 ? " error-text" : ""}`}>
                  {formatShare(edge.errorCount, edge.count)}
                </td>
                <td class="number">{formatDuration(edge.p50Ms)}</td>
                <td class="number">{formatDuration(edge.p95Ms)}</td>
                <td class="number">{formatDuration(edge.p99Ms)}</td>
              </tr>
            ))}
            {edges.length === 0 && (
              <tr>
                <td colSpan={8} class="muted">No service calls another.</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

function NodeName({ id, node }: { id: string; node: ServiceNode | undefined }): VNode {
  return (
    <>
      <Text value={node?.name ?? id} />
      {node !== undefined && node.kind !== "service" && <span class="muted">&nbsp;{node.kind}
      </span>}
    </>
  );
}
