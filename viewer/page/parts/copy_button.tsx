import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../state/announcer.ts";
import { Icon } from "./icons.tsx";

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({ text, what }: { text: string; what: string }): VNode {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      announce(`Copied ${what}`);
    } catch {
      announce(`The browser does not allow copying ${what}`);
    }
  };
  return (
    <button
      type="button"
      class="button quiet small copy"
      aria-label={`Copy ${what}`}
      title={done ? "Copied" : "Copy"}
      onClick={copy}
    >
      <Icon name={done ? "check" : "copy"} size={13} />
    </button>
  );
}
