import { type ReadonlySignal, signal } from "@preact/signals";

const said = signal("");

/** What a reader of the screen is told, politely. */
export const announcement: ReadonlySignal<string> = said;

/** Tells whoever cannot see it. */
export function announce(text: string): void {
  said.value = text;
}
