import { type ReadonlySignal, signal } from "@preact/signals";

/** What the reader chose; `auto` follows the system. */
export type Theme = "auto" | "light" | "dark";

const KEY = "echelon.viewer.theme";
const chosen = signal<Theme>("auto");
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = signal(system.matches);

/** The chosen theme. */
export const theme: ReadonlySignal<Theme> = chosen;

/** Whether the page is dark now; charts are drawn anew when it changes. */
export const isDark: ReadonlySignal<boolean> = dark;

/** Applies what was remembered and follows the system from here on. */
export function startTheme(): void {
  const remembered = read();
  if (remembered === "light" || remembered === "dark") chosen.value = remembered;
  system.addEventListener("change", apply);
  apply();
}

/** Turns to the other of light and dark, and remembers it. */
export function toggleTheme(): void {
  chosen.value = dark.value ? "light" : "dark";
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // Storage can be switched off in the browser: then the choice lasts as long as the page.
  }
  apply();
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function apply(): void {
  const now = chosen.value === "auto" ? system.matches : chosen.value === "dark";
  document.documentElement.dataset.theme = now ? "dark" : "light";
  dark.value = now;
}
