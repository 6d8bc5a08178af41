import type { VNode } from "preact";
import type { TraceSummary } from "../../api/model.ts";
import { formatDuration, formatTick } from "../format/duration.ts";
import { formatClock } from "../format/time.ts";
import { visibleText } from "../format/text.ts";
import { href } from "../state/address.ts";

const HEIGHT = 84;

/**
 * The traces of the list over time, the longer the higher. It says nothing that the list does not,
 * so neither the keyboard nor a reader of the screen stops at its dots.
 */
export function DurationPlot({ traces }: { traces: readonly TraceSummary[] }): VNode | null {
  if (traces.length < 3) return null;
  const times = traces.map(({ startTime }) => startTime);
  const from = Math.min(...times);
  const to = Math.max(Math.max(...times), from + 1000);
  const durations = traces.map(({ durationMs }) => durationMs);
  const low = Math.log10(Math.max(0.01, Math.min(...durations)));
  const high = Math.max(low + 1, Math.log10(Math.max(0.1, ...durations)));
  const x = (time: number) => `${(100 * (time - from) / (to - from)).toFixed(2)}%`;
  const y = (ms: number) =>
    HEIGHT - 8 - (HEIGHT - 16) * (Math.log10(Math.max(0.01, ms)) - low) / (high - low);
  const guides = guidesBetween(low, high);
  return (
    <figure class="duration-plot" aria-hidden="true">
      <svg height={HEIGHT} width="100%">
        {guides.map((ms) => (
          <g key={ms}>
            <line x1="0" x2="100%" y1={y(ms)} y2={y(ms)} class="guide" />
            <text x="-52" y={y(ms) + 3.5}>{formatTick(ms)}</text>
          </g>
        ))}
        {traces.map((trace) => (
          <a key={trace.traceId} href={href(["trace", trace.traceId])} tabindex={-1}>
            <title>{`${visibleText(trace.name)} ${formatDuration(trace.durationMs)}`}</title>
            <Dot
              failed={trace.status === "error"}
              x={x(trace.startTime)}
              y={y(trace.durationMs)}
            />
          </a>
        ))}
      </svg>
      <figcaption>
        <span>{formatClock(from)}</span>
        <span>{formatClock(to)}</span>
      </figcaption>
    </figure>
  );
}

/** A circle; what failed is a diamond, for whoever cannot tell the colours apart. */
function Dot({ failed, x, y }: { failed: boolean; x: string; y: number }): VNode {
  if (!failed) return <circle class="dot" cx={x} cy={y} r="3.5" />;
  return (
    <svg x={x} y={y} overflow="visible">
      <path class="dot failed" d="M0-5 5 0 0 5-5 0Z" />
    </svg>
  );
}

/** At most four powers of ten to read the height by. */
function guidesBetween(low: number, high: number): number[] {
  const guides: number[] = [];
  const step = Math.max(1, Math.ceil((high - low) / 4));
  for (let power = Math.ceil(low); power <= high; power += step) guides.push(10 ** power);
  return guides;
}
