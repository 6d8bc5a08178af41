import type { Signal } from "@preact/signals";
import type { VNode } from "preact";
import { Icon } from "./icons.tsx";

/** Pauses a list, and lets it run again. */
export function LiveSwitch({ live }: { live: Signal<boolean> }): VNode {
  const running = live.value;
  return (
    <button
      type="button"
      class="button live-switch"
      aria-pressed={running}
      title={running ? "New data comes in by itself" : "Paused"}
      onClick={() => {
        live.value = !running;
      }}
    >
      <Icon name={running ? "pause" : "play"} size={12} />
      {running ? "Live" : "Paused"}
    </button>
  );
}
