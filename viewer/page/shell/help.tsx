import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { helpOpen } from "./keyboard.ts";

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [["/"], "Go to the search"],
  [["j", "k"], "Next and previous row; arrows too"],
  [["Enter"], "Open the row, or go to its details"],
  [["Esc"], "Back; out of a field; close the details"],
  [["←", "→"], "Close and open a span's children"],
  [["+", "-", "0"], "Zoom in, out, and back to the whole trace"],
  [["g", "t"], "Traces"],
  [["g", "s"], "Service map"],
  [["g", "m"], "Metrics"],
  [["g", "l"], "Logs"],
  [["g", "p"], "Pipeline"],
  [["t"], "Dark or light"],
  [["?"], "This help"],
];

/** What the keys do. */
export function Help(): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = () => {
    helpOpen.value = false;
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <header>
        <h1 id="help-title">Keyboard</h1>
        <button type="button" class="button quiet small" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => <kbd key={key}>{key}</kbd>)}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        Drop a file of OTLP JSON anywhere on the page to look at it.
      </p>
    </dialog>
  );
}
