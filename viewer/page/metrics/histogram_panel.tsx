import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Exemplar, HistogramMetric, HistogramSeries } from "../../api/model.ts";
import { formatCount, formatMeasured, formatRate } from "../format/quantity.ts";
import { navigate } from "../state/route.ts";
import { binPoints, type Bins, quantilesOf, totalOf } from "./bins.ts";
import { Exemplars } from "./exemplars.tsx";
import { HeatMap } from "./heat_map.tsx";
import { quantileOf } from "./histogram.ts";
import { LineChart } from "./line_chart.tsx";
import { matchingTraces } from "./matching_traces.ts";
import { SeriesTable } from "./series_table.tsx";

const MOST_COLUMNS = 90;

const PERCENTILES = [["p50", 0.5, 0], ["p95", 0.95, 1], ["p99", 0.99, 3]] as const;

/** Milliseconds per unit of a duration; a minimum duration can be asked for in these. */
const MILLIS: Readonly<Record<string, number>> = { s: 1000, ms: 1, us: 0.001 };

/** A histogram as a heat map, and its percentiles over time. */
export function HistogramPanel(
  { metric, onRange }: { metric: HistogramMetric; onRange: (from: number, to: number) => void },
): VNode {
  const { instrument, series, seriesTotal } = metric;
  const [only, setOnly] = useState<string>();
  const chosen = useMemo(
    () => series.filter((one) => only === undefined || keyOf(one) === only),
    [series, only],
  );
  const bins = useMemo(() => binPoints(chosen, MOST_COLUMNS), [chosen]);
  const lines = useMemo(
    () =>
      bins === undefined ? [] : PERCENTILES.map(([label, quantile, colour]) => ({
        label,
        colour,
        values: quantilesOf(bins, quantile),
      })),
    [bins],
  );
  const times = useMemo(() => bins?.bins.map(({ time }) => time) ?? [], [bins]);
  const format = (value: number) => formatMeasured(value, instrument.unit);
  if (bins === undefined) return <p class="muted">Nothing was recorded in this time.</p>;
  const shared = only === undefined ? [] : chosen[0]?.attributes ?? [];
  return (
    <>
      <Figures bins={bins} format={format} />
      <h2>Distribution</h2>
      <HeatMap
        label={`${instrument.name}: heat map of ${formatCount(countOf(bins))} measurements`}
        data={bins}
        format={format}
        onPick={({ from, to, atLeast }) => {
          const millis = MILLIS[instrument.unit];
          const minDurationMs = millis === undefined ? 0 : atLeast * millis;
          const place = { attributes: shared, service: instrument.service };
          navigate(matchingTraces(place, { from, to, minDurationMs }));
        }}
      />
      <p class="muted hint">A cell leads to the traces of its time, as slow as that or slower.</p>
      <div class="chart-title">
        <h2>Percentiles</h2>
        {lines.map(({ label, colour }) => (
          <span key={label} class={`legend service-${colour}`}>
            <span class="swatch" aria-hidden="true" /> {label}
          </span>
        ))}
      </div>
      <LineChart
        label={`Percentiles of ${instrument.name}`}
        times={times}
        lines={lines}
        format={format}
        height={180}
        onRange={onRange}
      />
      <SeriesTable
        rows={series.map((one) => ({
          key: keyOf(one),
          attributes: one.attributes,
          colour: undefined,
          cells: cellsOf(one, format),
        }))}
        heads={["Count", "p50", "p95", "p99"]}
        service={instrument.service}
        window={{}}
        only={only}
        onOnly={setOnly}
        total={seriesTotal}
      />
      <Exemplars exemplars={exemplarsOf(chosen)} format={format} />
    </>
  );
}

function Figures({ bins, format }: { bins: Bins; format: (value: number) => string }): VNode {
  const total = totalOf(bins);
  const seconds = bins.bins.length * bins.widthMs / 1000;
  const count = countOf(bins);
  return (
    <dl class="tiles">
      <div>
        <dt>Rate</dt>
        <dd class="tile-value">{formatRate(count / seconds)}</dd>
      </div>
      <div>
        <dt>Count</dt>
        <dd class="tile-value">{formatCount(count)}</dd>
      </div>
      {PERCENTILES.map(([label, quantile]) => {
        const value = quantileOf(total, quantile);
        return (
          <div key={label}>
            <dt>{label}</dt>
            <dd class="tile-value">{value === undefined ? "–" : format(value)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function countOf({ bins }: Bins): number {
  return bins.reduce((sum, { count }) => sum + count, 0);
}

function cellsOf(series: HistogramSeries, format: (value: number) => string): string[] {
  const bins = binPoints([series], 1);
  const total = bins && totalOf(bins);
  const percentiles = PERCENTILES.map(([, quantile]) => {
    const value = total && quantileOf(total, quantile);
    return value === undefined ? "–" : format(value);
  });
  return [formatCount(bins === undefined ? 0 : countOf(bins)), ...percentiles];
}

/** Those that lead to a trace, the newest first. */
function exemplarsOf(series: readonly HistogramSeries[]): Exemplar[] {
  return series.flatMap(({ exemplars }) => exemplars).filter(({ traceKnown }) => traceKnown)
    .sort((a, b) => b.time - a.time).slice(0, 20);
}

function keyOf({ attributes, resourceId }: HistogramSeries): string {
  return JSON.stringify([resourceId, attributes]);
}
