import type { VNode } from "preact";
import type { ServiceEdge, ServiceNode } from "../../api/model.ts";
import { formatDuration } from "../format/duration.ts";
import { formatRate, formatShare } from "../format/quantity.ts";
import { clip, visibleText } from "../format/text.ts";
import { href } from "../state/address.ts";
import { serviceClass } from "../state/service_colour.ts";
import type { Place } from "./layout.ts";

const WIDTH = 176;
const HEIGHT = 66;
const NAME_LENGTH = 20;

/** A service on the map; a service leads to its traces, what is only called leads nowhere. */
export function NodeView(
  { node, place, seconds, onNear }: {
    node: ServiceNode;
    place: Place | undefined;
    seconds: number;
    onNear: (id: string | undefined) => void;
  },
): VNode | null {
  if (place === undefined) return null;
  const name = visibleText(clip(node.name, NAME_LENGTH)) +
    (node.name.length > NAME_LENGTH ? "…" : "");
  const failing = formatShare(node.errorCount, node.count);
  const box = (
    <g
      class={`map-node ${serviceClass(node.name)}`}
      data-kind={node.kind}
      data-failing={node.errorCount > 0}
      transform={`translate(${place.x - WIDTH / 2} ${place.y - HEIGHT / 2})`}
      onPointerEnter={() => onNear(node.id)}
      onPointerLeave={() => onNear(undefined)}
    >
      <title>{visibleText(node.name).slice(0, 500)}</title>
      <rect class="box" width={WIDTH} height={HEIGHT} rx={node.kind === "service" ? 8 : 18} />
      <rect class="stripe" x="12" y="13" width="9" height="9" rx="2" />
      <text class="name" x="28" y="22">{name}</text>
      <text class="kind" x={WIDTH - 12} y="56" text-anchor="end">
        {node.kind === "service" ? "" : node.kind}
      </text>
      <text class="figures" x="12" y="40">
        {formatRate(node.count / seconds)} · p95 {formatDuration(node.p95Ms)}
      </text>
      <text class="errors" x="12" y="56">
        {node.errorCount > 0 ? `${failing} failed` : "no errors"}
      </text>
    </g>
  );
  if (node.kind !== "service") return box;
  return <a href={href("traces", { service: node.name })}>{box}</a>;
}

/** A call between two services: the more calls, the thicker. */
export function EdgeView(
  { edge, from, to, seconds, dim }: {
    edge: ServiceEdge;
    from: Place | undefined;
    to: Place | undefined;
    seconds: number;
    dim: boolean;
  },
): VNode | null {
  if (from === undefined || to === undefined) return null;
  const { path, x, y, tip } = routeOf(from, to);
  const failed = edge.errorCount > 0;
  const share = failed ? ` · ${formatShare(edge.errorCount, edge.count)} failed` : "";
  return (
    <g class="map-edge" data-failing={failed} data-dim={dim}>
      <path
        d={path}
        class="line"
        stroke-width={Math.min(5, 1.2 + Math.log10(1 + edge.count / seconds * 10))}
      />
      <path d={tip} class="tip" />
      <text x={x} y={y - 16} text-anchor="middle">
        {formatRate(edge.count / seconds)}
        {share}
      </text>
      <text x={x} y={y - 3} text-anchor="middle" class="second">
        p95 {formatDuration(edge.p95Ms)}
      </text>
    </g>
  );
}

/** The way of a line from box to box, where its words stand, and its tip. */
function routeOf(from: Place, to: Place): { path: string; x: number; y: number; tip: string } {
  if (from.name === to.name) {
    const x = from.x;
    const top = from.y - HEIGHT / 2;
    return {
      path: `M${x - 20} ${top}C${x - 30} ${top - 34} ${x + 30} ${top - 34} ${x + 20} ${top}`,
      x,
      y: top - 24,
      tip: `M${x + 20} ${top}l-1-9 8 3Z`,
    };
  }
  if (to.x <= from.x) return routeBack(from, to);
  const x1 = from.x + WIDTH / 2;
  const x2 = to.x - WIDTH / 2 - 2;
  const bend = (x2 - x1) / 2;
  return {
    path: `M${x1} ${from.y}C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2 - 6} ${to.y}`,
    // Near its end a line is away from the others that begin where it does.
    x: Math.abs(to.y - from.y) < HEIGHT / 2 ? x1 + bend : x2 - 62,
    y: from.y + (to.y - from.y) * 0.84,
    tip: `M${x2} ${to.y}l-8-4.5v9Z`,
  };
}

/** A call back goes below the boxes, so that it crosses none. */
function routeBack(from: Place, to: Place): { path: string; x: number; y: number; tip: string } {
  const [y1, y2] = [from.y + HEIGHT / 2, to.y + HEIGHT / 2 + 2];
  const x2 = to.x - 24;
  const low = Math.max(y1, y2) + 52;
  const middle = (from.x + x2) / 2;
  return {
    path: `M${from.x} ${y1}C${from.x} ${low} ${x2} ${low} ${x2} ${y2 + 6}`,
    x: middle,
    y: (y1 + y2) / 8 + 0.75 * low + 38,
    tip: `M${x2} ${y2}l-4.5 8h9Z`,
  };
}
