import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { SummaryMetric, SummarySeries } from "../../api/model.ts";
import { formatCount, formatMeasured } from "../format/quantity.ts";
import { alignSeries } from "./align.ts";
import { LineChart } from "./line_chart.tsx";
import { SeriesTable } from "./series_table.tsx";

/** A summary: the quantiles that its sender worked out, of one series at a time. */
export function SummaryPanel(
  { metric, onRange }: { metric: SummaryMetric; onRange: (from: number, to: number) => void },
): VNode {
  const { instrument, series, seriesTotal } = metric;
  const [only, setOnly] = useState<string>();
  const shown = series.find((one) => keyOf(one) === only) ?? series[0];
  const format = (value: number) => formatMeasured(value, instrument.unit);
  const { times, lines } = useMemo(() => {
    const points = shown?.points ?? [];
    const quantiles = [
      ...new Set(points.flatMap((point) => point.quantiles.map((q) => q.quantile))),
    ]
      .sort((a, b) => a - b);
    const aligned = alignSeries(quantiles.map((quantile) =>
      points.map(({ time, quantiles }) => ({
        time,
        value: quantiles.find((one) => one.quantile === quantile)?.value,
      }))
    ));
    return {
      times: aligned.times,
      lines: quantiles.map((quantile, colour) => ({
        label: `p${Number((100 * quantile).toFixed(3))}`,
        colour,
        values: aligned.values[colour] ?? [],
      })),
    };
  }, [shown]);
  return (
    <>
      <LineChart
        label={`Quantiles of ${instrument.name}`}
        times={times}
        lines={lines}
        format={format}
        onRange={onRange}
      />
      <SeriesTable
        rows={series.map((one) => ({
          key: keyOf(one),
          attributes: one.attributes,
          colour: undefined,
          cells: [formatCount(one.points.at(-1)?.count ?? 0)],
        }))}
        heads={["Count"]}
        service={instrument.service}
        window={{}}
        only={only}
        onOnly={setOnly}
        total={seriesTotal}
      />
    </>
  );
}

function keyOf({ attributes, resourceId }: SummarySeries): string {
  return JSON.stringify([resourceId, attributes]);
}
