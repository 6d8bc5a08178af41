import type { VNode } from "preact";
import type { Exemplar } from "../../api/model.ts";
import { Ago } from "../parts/moment.tsx";
import { href } from "../state/address.ts";

/** Single measurements, each with the trace that it was made in. */
export function Exemplars(
  { exemplars, format }: { exemplars: readonly Exemplar[]; format: (value: number) => string },
): VNode | null {
  if (exemplars.length === 0) return null;
  return (
    <>
      <h2>Exemplars</h2>
      <ul class="exemplars">
        {exemplars.map(({ traceId = "", spanId, value, time }) => (
          <li key={`${traceId} ${spanId} ${time}`}>
            <a class="button small" href={href(["trace", traceId], { span: spanId })}>
              {format(value)}
              <span class="muted">
                <Ago ms={time} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
