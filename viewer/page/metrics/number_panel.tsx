import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { NumberMetric, NumberSeries } from "../../api/model.ts";
import { formatMeasured, formatRate } from "../format/quantity.ts";
import { alignSeries } from "./align.ts";
import { LineChart } from "./line_chart.tsx";
import { seriesLabel, sharedKeys } from "./series_label.ts";
import { SeriesTable } from "./series_table.tsx";

/** Lines beyond this many are only in the table. */
const MOST_LINES = 16;

/** A counter as a rate, or its total; anything else as its value. */
export function NumberPanel(
  { metric, onRange }: { metric: NumberMetric; onRange: (from: number, to: number) => void },
): VNode {
  const { instrument, series, seriesTotal } = metric;
  const isCounter = instrument.kind === "counter";
  const [asTotal, setAsTotal] = useState(false);
  const [only, setOnly] = useState<string>();
  const asRate = isCounter && !asTotal;
  const keyed = useMemo(
    () => series.map((one, colour) => ({ key: keyOf(one), one, colour })),
    [series],
  );
  const { times, lines } = useMemo(() => {
    const shown = keyed.filter(({ key }) => only === undefined || key === only)
      .slice(0, MOST_LINES);
    const shared = sharedKeys(series);
    const aligned = alignSeries(
      shown.map(({ one }) =>
        one.points.map(({ time, value, rate }) => ({ time, value: asRate ? rate : value }))
      ),
    );
    return {
      times: aligned.times,
      lines: shown.map(({ one, colour }, i) => ({
        label: seriesLabel(one.attributes, shared),
        colour,
        values: aligned.values[i] ?? [],
      })),
    };
  }, [keyed, only, asRate]);
  const measured = (value: number) => formatMeasured(value, instrument.unit);
  const format = asRate ? formatRate : measured;
  return (
    <>
      {isCounter && (
        <div class="segments" role="group" aria-label="What the chart shows">
          <button
            type="button"
            class="button small"
            aria-pressed={asRate}
            onClick={() => setAsTotal(false)}
          >
            Rate
          </button>
          <button
            type="button"
            class="button small"
            aria-pressed={!asRate}
            onClick={() => setAsTotal(true)}
          >
            Total
          </button>
        </div>
      )}
      <LineChart
        label={`${instrument.name} over time`}
        times={times}
        lines={lines}
        format={format}
        height={260}
        filled={lines.length === 1}
        onRange={onRange}
      />
      <SeriesTable
        rows={keyed.map(({ key, one, colour }) => {
          const last = one.points.at(-1);
          const value = last === undefined ? "–" : measured(last.value);
          const rate = last?.rate === undefined ? "–" : formatRate(last.rate);
          return {
            key,
            attributes: one.attributes,
            colour: colour < MOST_LINES ? colour : undefined,
            cells: isCounter ? [rate, value] : [value],
          };
        })}
        heads={isCounter ? ["Rate now", "Total"] : ["Now"]}
        service={instrument.service}
        window={{}}
        only={only}
        onOnly={setOnly}
        total={seriesTotal}
      />
    </>
  );
}

function keyOf({ attributes, resourceId }: NumberSeries): string {
  return JSON.stringify([resourceId, attributes]);
}
