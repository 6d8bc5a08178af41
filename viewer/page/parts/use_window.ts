import { useLayoutEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** The rows that are worth drawing: from one to before another. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows drawn above and below what is seen, so that scrolling shows no gap. */
const SPARE = 12;

/**
 * Follows which rows of a long list can be seen, so that only they are drawn.
 *
 * @param scroller The element that scrolls.
 * @param count How many rows there are, each as high as the next.
 * @param options How high a row is, and what stands above the first.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  { rowHeight, above = 0 }: { rowHeight: number; above?: number },
): RowWindow {
  const [seen, setSeen] = useState<RowWindow>({ from: 0, to: 60 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      const first = Math.floor((element.scrollTop - above) / rowHeight) - SPARE;
      const rows = Math.ceil(element.clientHeight / rowHeight) + 2 * SPARE;
      const from = Math.max(0, first);
      setSeen((old) =>
        old.from === from && old.to === from + rows ? old : { from, to: from + rows }
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [count, rowHeight, above]);
  return { from: Math.min(seen.from, count), to: Math.min(seen.to, count) };
}
