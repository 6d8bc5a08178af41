import type { VNode } from "preact";
import { formatTick } from "../format/duration.ts";
import type { Mark } from "./time_scale.ts";

/** The head of the waterfall: how long after the trace's start each place is. */
export function Ruler({ marks }: { marks: readonly Mark[] }): VNode {
  return (
    <div role="rowgroup" class="w-head">
      <div role="row" class="w-row" aria-rowindex={1}>
        <div role="columnheader" class="w-name">Span</div>
        <div role="columnheader" class="w-time" aria-label="Time line">
          {marks.map(({ offset, percent }) => (
            <span key={offset} class="w-tick" style={{ left: `${percent}%` }}>
              {formatTick(offset)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The lines below the marks, behind all rows. */
export function Guides({ marks }: { marks: readonly Mark[] }): VNode {
  return (
    <div class="w-guides" aria-hidden="true">
      <div class="w-time">
        {marks.map(({ offset, percent }) => <span key={offset} style={{ left: `${percent}%` }} />)}
      </div>
    </div>
  );
}
