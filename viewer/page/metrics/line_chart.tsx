import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { withoutZeros } from "../format/duration.ts";
import { isDark } from "../state/theme.ts";
import { lineColour } from "./line_colour.ts";

/** One line: values at the times of the chart, null where there is none. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Which of the colours; lines beyond them repeat with dashes. */
  readonly colour: number;
}

/** What a chart of lines shows. */
export interface LineChartProps {
  /** What the chart is, for a reader of the screen. */
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly height?: number;
  /** Fills below the lines. */
  readonly filled?: boolean;
  /** A stretch of time was marked by dragging. */
  readonly onRange?: (from: number, to: number) => void;
}

/** Lines over time, by uPlot. */
export function LineChart(props: LineChartProps): VNode {
  const { label, times, lines, height = 220 } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo(
    () => [times.map((time) => time / 1000), ...lines.map(({ values }) => [...values])],
    [times, lines],
  ) as uPlot.AlignedData;
  const shape = JSON.stringify(lines.map(({ label, colour }) => [label, colour]));
  const dark = isDark.value;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(optionsFor(element, latest), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, dark, height]);
  useEffect(() => plot.current?.setData(data), [data]);

  return (
    <div
      class="chart"
      role="img"
      aria-label={describe(label, props)}
      style={{ height: `${height}px` }}
    >
      <div ref={host} class="chart-host" aria-hidden="true" />
    </div>
  );
}

/** The newest values in words: a picture alone says nothing to who cannot see it. */
function describe(label: string, { lines, format }: LineChartProps): string {
  const newest = lines.slice(0, 5).map(({ label, values }) => {
    const value = values.findLast((one) => one !== null);
    return `${label.slice(0, 80)} ${
      value === undefined || value === null ? "nothing" : format(value)
    }`;
  });
  return `${label}: ${newest.join(", ") || "no data"}`;
}

function optionsFor(
  element: HTMLElement,
  latest: { readonly current: LineChartProps },
): uPlot.Options {
  const { lines, height = 220, filled = false, onRange } = latest.current;
  const style = getComputedStyle(element);
  const colourOf = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = {
    stroke: colourOf("--muted"),
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { show: false },
    font,
  };
  return {
    width: Math.max(100, element.clientWidth),
    height,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: onRange !== undefined, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: { y: { range: (_plot, low, high) => rangeOf(low, high) } },
    axes: [
      { ...axis, size: 26, space: 90, values: (_plot, ticks) => ticks.map(clockOf) },
      {
        ...axis,
        size: 68,
        space: 36,
        values: (_plot, ticks) => ticks.map((tick) => withoutZeros(latest.current.format(tick))),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }) => {
        const stroke = lineColour(element, colour);
        return {
          label,
          stroke,
          width: 1.75,
          ...(colour >= 8 && { dash: [6, 4] }),
          ...(filled && { fill: `color-mix(in srgb, ${stroke} 12%, transparent)` }),
          spanGaps: true,
          points: { show: (plot: uPlot) => (plot.data[0]?.length ?? 0) < 4 },
        };
      }),
    ],
    hooks: {
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width > 4) {
          latest.current.onRange?.(
            plot.posToVal(left, "x") * 1000,
            plot.posToVal(left + width, "x") * 1000,
          );
        }
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      setCursor: [(plot) => showTip(plot, latest.current)],
    },
  };
}

/** From zero, unless something is below it, with a little air. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const bottom = Math.min(0, low);
  const top = Math.max(0, high);
  return top === bottom ? [bottom, bottom + 1] : [bottom * 1.08, top * 1.08];
}

function clockOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Says beside the pointer what the lines are there. */
function showTip(plot: uPlot, { format, lines }: LineChartProps): void {
  const known = plot.over.querySelector<HTMLElement>(".chart-tip");
  const tip = known ?? plot.over.appendChild(document.createElement("div"));
  tip.className = "chart-tip";
  const { idx, left = -1 } = plot.cursor;
  const time = idx === null || idx === undefined ? undefined : plot.data[0]?.[idx];
  tip.hidden = time === undefined || left < 0;
  if (tip.hidden || time === undefined || idx === null || idx === undefined) return;
  const rows = lines.slice(0, 12).flatMap(({ label, values }) => {
    const value = values[idx];
    return typeof value === "number" ? [`${format(value)}  ${label.slice(0, 60)}`] : [];
  });
  tip.textContent = [clockOf(time), ...rows].join("\n");
  const right = left > plot.over.clientWidth / 2;
  tip.style.left = right ? "" : `${left + 12}px`;
  tip.style.right = right ? `${plot.over.clientWidth - left + 12}px` : "";
}
