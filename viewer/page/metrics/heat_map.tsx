import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { withoutZeros } from "../format/duration.ts";
import { formatClock } from "../format/time.ts";
import { isDark } from "../state/theme.ts";
import type { Bins } from "./bins.ts";

const ROW_LIMITS = { low: 9, high: 22 } as const;

/**
 * A histogram over time: columns are time, rows are buckets, the fuller the stronger. A click on a
 * cell hands on its stretch of time and its bucket.
 */
export function HeatMap(
  { label, data, format, onPick }: {
    label: string;
    data: Bins;
    format: (value: number) => string;
    onPick?: (cell: { from: number; to: number; atLeast: number }) => void;
  },
): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [tip, setTip] = useState<{ x: number; y: number; text: string }>();
  const dark = isDark.value;
  const rows = usedRows(data);
  const rowHeight = Math.max(ROW_LIMITS.low, Math.min(ROW_LIMITS.high, 200 / rows.length));
  const height = Math.round(rows.length * rowHeight);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => draw(element, data, { rows, rowHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [data, dark, height]);

  const cellAt = (event: MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * data.bins.length);
    const row = rows.length - 1 - Math.floor((event.clientY - box.top) / rowHeight);
    const bucket = rows[row];
    const bin = data.bins[column];
    if (bucket === undefined || bin === undefined) return undefined;
    return { bucket, bin, x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return (
    <figure class="heat" role="img" aria-label={label}>
      <div class="heat-scale muted" aria-hidden="true" style={{ height: `${height}px` }}>
        {rows.map((bucket, i) => {
          const upper = data.bounds[bucket];
          const every = Math.ceil(13 / rowHeight);
          if ((rows.length - 1 - i) % every !== 0) return null;
          return (
            <span key={bucket} style={{ bottom: `${(i + 1) * rowHeight - 7}px` }}>
              {upper === undefined ? "more" : withoutZeros(format(upper))}
            </span>
          );
        })}
      </div>
      <div class="heat-cells">
        <canvas
          ref={canvas}
          style={{ height: `${height}px` }}
          onMouseMove={(event) => {
            const cell = cellAt(event);
            setTip(cell && { x: cell.x, y: cell.y, text: describe(data, cell, format) });
          }}
          onMouseLeave={() => setTip(undefined)}
          onClick={(event) => {
            const cell = cellAt(event);
            if (cell === undefined) return;
            const { bin, bucket } = cell;
            const atLeast = bucket === 0 ? 0 : data.bounds[bucket - 1] ?? 0;
            onPick?.({ from: bin.time - bin.lengthMs, to: bin.time, atLeast });
          }}
        />
        {tip !== undefined && (
          <div class="chart-tip" style={{ left: `${tip.x + 12}px`, top: `${tip.y + 12}px` }}>
            {tip.text}
          </div>
        )}
        <div class="heat-times muted" aria-hidden="true">
          <span>{formatClock(data.from)}</span>
          <span>{formatClock(data.bins.at(-1)?.time ?? data.from)}</span>
        </div>
      </div>
    </figure>
  );
}

/** The buckets from the first to the last that ever held anything, and one more on each side. */
function usedRows({ bins, bounds }: Bins): number[] {
  const used = [...bounds, Infinity].map((_, i) => bins.some(({ counts }) => (counts[i] ?? 0) > 0));
  const first = Math.max(0, used.indexOf(true) - 1);
  const last = Math.min(bounds.length, used.lastIndexOf(true) + 1);
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => first + i);
}

function describe(
  { bounds }: Bins,
  { bucket, bin }: { bucket: number; bin: Bins["bins"][number] },
  format: (value: number) => string,
): string {
  const [lower, upper] = [bounds[bucket - 1], bounds[bucket]];
  const range = upper === undefined
    ? `above ${format(lower ?? 0)}`
    : lower === undefined
    ? `up to ${format(upper)}`
    : `${format(lower)} – ${format(upper)}`;
  const from = formatClock(bin.time - bin.lengthMs);
  return `${bin.counts[bucket] ?? 0} × ${range}\n${from} – ${formatClock(bin.time)}`;
}

function draw(
  canvas: HTMLCanvasElement,
  { bins }: Bins,
  { rows, rowHeight }: { rows: readonly number[]; rowHeight: number },
): void {
  const scale = devicePixelRatio;
  const width = canvas.clientWidth;
  const height = rows.length * rowHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const drawing = canvas.getContext("2d");
  if (drawing === null) return;
  drawing.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const most = Math.max(1, ...bins.flatMap(({ counts }) => counts));
  drawing.fillStyle = style.getPropertyValue("--sunken");
  drawing.fillRect(0, 0, width, height);
  drawing.fillStyle = style.getPropertyValue("--accent");
  const cell = width / bins.length;
  const gap = cell > 6 ? 1 : 0;
  for (const [column, { counts }] of bins.entries()) {
    for (const [row, bucket] of rows.entries()) {
      const count = counts[bucket] ?? 0;
      if (count === 0) continue;
      // The root lets a single slow request be seen beside thousands of quick ones.
      drawing.globalAlpha = 0.12 + 0.88 * Math.sqrt(count / most);
      drawing.fillRect(
        column * cell,
        height - (row + 1) * rowHeight,
        cell - gap,
        rowHeight - 1,
      );
    }
  }
  drawing.globalAlpha = 1;
}
