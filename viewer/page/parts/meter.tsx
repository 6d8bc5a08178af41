import type { VNode } from "preact";

/** How full something is. */
export function Meter(
  { label, value, max, text }: { label: string; value: number; max: number; text: string },
): VNode {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  const tone = share > 0.95 ? "error" : share > 0.75 ? "warn" : "fine";
  return (
    <span class="meter-line">
      <span
        class="meter"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={text}
      >
        <span data-tone={tone} style={{ width: `${100 * share}%` }} />
      </span>
      <span>{text}</span>
    </span>
  );
}
