import type { VNode } from "preact";
import type { Attribute } from "../../api/model.ts";
import { Icon } from "../parts/icons.tsx";
import { Text } from "../parts/text.tsx";
import { matchingTraces } from "./matching_traces.ts";
import { seriesLabel, sharedKeys } from "./series_label.ts";

/** One line of the table below a chart. */
export interface SeriesRow {
  readonly key: string;
  readonly attributes: readonly Attribute[];
  /** Which of the colours its line has, where it has one. */
  readonly colour: number | undefined;
  readonly cells: readonly string[];
}

/** The series of an instrument; a press on one shows it alone. */
export function SeriesTable(
  { rows, heads, service, window, only, onOnly, total }: {
    rows: readonly SeriesRow[];
    heads: readonly string[];
    service: string;
    window: { from?: number; to?: number };
    only: string | undefined;
    onOnly: (key: string | undefined) => void;
    total: number;
  },
): VNode {
  const shared = sharedKeys(rows);
  return (
    <div class="card table-card">
      <table class="series">
        <thead>
          <tr>
            <th scope="col">Series</th>
            {heads.map((head) => <th key={head} scope="col" class="number">{head}</th>)}
            <th scope="col">
              <span class="hidden-visually">Traces</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, attributes, colour, cells }) => (
            <tr key={key} data-off={only !== undefined && only !== key}>
              <td>
                <button
                  type="button"
                  class={`series-name${colour === undefined ? "" : ` service-${colour % 8}`}`}
                  aria-pressed={only === key}
                  title="Show this series alone"
                  data-row
                  onClick={() =>
                    onOnly(only === key ? undefined : key)}
                >
                  {colour !== undefined && (
                    <span class="swatch" data-dashed={colour >= 8} aria-hidden="true" />
                  )}
                  <span class="clipped">
                    <Text value={seriesLabel(attributes, shared)} />
                  </span>
                </button>
              </td>
              {cells.map((cell, i) => <td key={heads[i]} class="number">{cell}</td>)}
              <td class="number">
                <a
                  class="button quiet small"
                  href={matchingTraces({ attributes, service }, window)}
                  aria-label={`Traces of ${seriesLabel(attributes, shared).slice(0, 200)}`}
                >
                  <Icon name="traces" size={12} /> Traces
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length && <p class="muted">{total - rows.length} more series are not shown.</p>}
    </div>
  );
}
