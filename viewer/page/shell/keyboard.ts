import { signal } from "@preact/signals";
import { href } from "../state/address.ts";
import { navigate, route } from "../state/route.ts";
import { toggleTheme } from "../state/theme.ts";

/** Whether the help is open. */
export const helpOpen = signal(false);

/** The views that `g` and a letter go to. */
const PLACES: Readonly<Record<string, string>> = {
  t: "traces",
  s: "map",
  m: "metrics",
  l: "logs",
  p: "pipeline",
};

/** How long after `g` its letter may come. */
const CHORD_MILLIS = 1500;

let chordUntil = 0;

/** Listens to the keys that every view has. A view takes its own before they come here. */
export function startKeyboard(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]") !== null) return;
    if (handle(event.key)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement;
}

function handle(key: string): boolean {
  const place = performance.now() < chordUntil ? PLACES[key] : undefined;
  chordUntil = 0;
  if (place !== undefined) {
    navigate(href(place));
    return true;
  }
  switch (key) {
    case "g":
      chordUntil = performance.now() + CHORD_MILLIS;
      return true;
    case "/":
      return focusSearch();
    case "?":
      helpOpen.value = true;
      return true;
    case "t":
      toggleTheme();
      return true;
    case "j":
    case "ArrowDown":
      return moveRow(1);
    case "k":
    case "ArrowUp":
      return moveRow(-1);
    case "Escape":
      return goBack();
  }
  return false;
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("input[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}

/** Goes from row to row in the list of a view; from nowhere, to its first. */
function moveRow(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step));
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
  return true;
}

/** From a trace to where it was opened from; a page that was opened with it goes to the list. */
function goBack(): boolean {
  if (route.value.view === "trace") {
    if (history.length > 1 && cameFromHere) history.back();
    else navigate(href("traces"));
    return true;
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  return true;
}

let cameFromHere = false;
addEventListener("hashchange", () => {
  cameFromHere = true;
});
