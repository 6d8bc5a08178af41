import { type ReadonlySignal, signal } from "@preact/signals";

const present = signal(Date.now());

/** The present moment, told every second while the page is seen. */
export const now: ReadonlySignal<number> = present;

/** Starts the clock. */
export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") present.value = Date.now();
  }, 1000);
}
