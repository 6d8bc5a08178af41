import type { Row } from "./rows.ts";

/** What the keys of the waterfall act on. */
export interface WaterfallKeys {
  readonly rows: readonly Row[];
  /** The selected row's place, or -1. */
  readonly at: number;
  readonly pageRows: number;
  readonly select: (place: number) => void;
  readonly toggle: (place: number) => void;
  readonly open: () => void;
}

/**
 * Handles a key in the waterfall as a tree grid does: up and down go from row to row, left and
 * right close and open, or go to the parent and into the children.
 *
 * @returns Whether the key was one of these.
 */
export function handleWaterfallKey(key: string, keys: WaterfallKeys): boolean {
  const { rows, at, pageRows, select, toggle, open } = keys;
  const last = rows.length - 1;
  const go = (place: number) => select(Math.max(0, Math.min(last, place)));
  const row = rows[at];
  switch (key) {
    case "ArrowDown":
    case "j":
      go(at + 1);
      return true;
    case "ArrowUp":
    case "k":
      go(at - 1);
      return true;
    case "PageDown":
      go(at + pageRows);
      return true;
    case "PageUp":
      go(at - pageRows);
      return true;
    case "Home":
      go(0);
      return true;
    case "End":
      go(last);
      return true;
    case "ArrowRight":
      if (row?.type !== "span" || row.children === 0) return true;
      if (row.open) go(at + 1);
      else toggle(at);
      return true;
    case "ArrowLeft":
      if (row?.type === "span" && row.open) toggle(at);
      else go(parentPlace(rows, at));
      return true;
    case " ":
      if (row?.type === "span" && row.children > 0) toggle(at);
      return true;
    case "Enter":
      open();
      return true;
  }
  return false;
}

function parentPlace(rows: readonly Row[], at: number): number {
  const level = rows[at]?.level ?? 0;
  for (let place = at - 1; place >= 0; place--) {
    if ((rows[place]?.level ?? 0) < level) return place;
  }
  return at;
}
