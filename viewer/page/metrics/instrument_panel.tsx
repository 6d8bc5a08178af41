import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { MetricData } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { formatCount } from "../format/quantity.ts";
import { formatClock } from "../format/time.ts";
import { Empty } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { Icon } from "../parts/icons.tsx";
import { Ago } from "../parts/moment.tsx";
import { Text } from "../parts/text.tsx";
import { now } from "../state/clock.ts";
import { replaceQuery, route } from "../state/route.ts";
import { ServiceName } from "../traces/trace_row.tsx";
import { HistogramPanel } from "./histogram_panel.tsx";
import { matchingTraces } from "./matching_traces.ts";
import { NumberPanel } from "./number_panel.tsx";
import { SummaryPanel } from "./summary_panel.tsx";

const SPANS = [["5", "5 min"], ["15", "15 min"], ["60", "1 h"], ["all", "All"]] as const;

/** How often the start of the window moves on, so that the address is not new each second. */
const STEP_MILLIS = 10_000;

/** One instrument in charts. */
export function InstrumentPanel({ id }: { id: string }): VNode {
  const minutes = route.value.query.get("span") ?? "15";
  const [range, setRange] = useState<{ from: number; to: number }>();
  const begin = !(Number(minutes) > 0)
    ? undefined
    : Math.floor((now.value - Number(minutes) * 60_000) / STEP_MILLIS) * STEP_MILLIS;
  const from = range?.from ?? begin;
  const url = apiUrl(["metrics", id], {
    from: from === undefined ? undefined : Math.floor(from),
    to: range === undefined ? undefined : Math.ceil(range.to),
  });
  const { data, failure, reload } = useLoad<MetricData>(url);
  useLive("metrics", reload, {
    everyMs: 2000,
    active: range === undefined,
    when: ({ instruments, missed }) => missed || instruments.includes(id),
  });
  if (failure?.status === 404) {
    return <Empty icon="metrics" title="This instrument is not here (any more)" />;
  }
  if (data === undefined) return <Failure failure={failure} />;
  const { instrument } = data;
  const onRange = (from: number, to: number) => setRange({ from, to });
  return (
    <div class="column stack instrument-panel">
      <header class="instrument-head">
        <div>
          <h1>
            <Text value={instrument.name} />
          </h1>
          <p class="muted">
            <Text value={instrument.description || "No description"} />
          </p>
          <p class="facts">
            <ServiceName service={instrument.service} />
            <span class="badge">{instrument.kind}</span>
            {instrument.unit !== "" && (
              <span class="badge">
                unit <Text value={instrument.unit} />
              </span>
            )}
            <span class="muted">
              {formatCount(instrument.seriesCount)} series · newest <Ago ms={instrument.lastTime} />
            </span>
          </p>
        </div>
        <div class="segments" role="group" aria-label="Time span">
          {SPANS.map(([value, label]) => (
            <button
              key={label}
              type="button"
              class="button small"
              aria-pressed={range === undefined && minutes === value}
              onClick={() => {
                setRange(undefined);
                replaceQuery({ span: value });
              }}
            >
              {label}
            </button>
          ))}
        </div>
      </header>
      {range !== undefined && (
        <p class="range">
          <span class="badge">{formatClock(range.from)} – {formatClock(range.to)}</span>
          <a
            class="button small"
            href={matchingTraces({ attributes: [], service: instrument.service }, range)}
          >
            <Icon name="traces" size={12} /> Traces of this time
          </a>
          <button type="button" class="button quiet small" onClick={() => setRange(undefined)}>
            Back to now
          </button>
        </p>
      )}
      <Failure failure={failure} />
      {data.shape === "number" && <NumberPanel metric={data} onRange={onRange} />}
      {data.shape === "histogram" && <HistogramPanel metric={data} onRange={onRange} />}
      {data.shape === "summary" && <SummaryPanel metric={data} onRange={onRange} />}
    </div>
  );
}
