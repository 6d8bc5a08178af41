import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";

/** How long after the last key the search begins. */
const PAUSE_MILLIS = 200;

/** The one field of a view that `/` goes to. */
export function SearchField(
  { value, label, placeholder, onChange }: {
    value: string;
    label: string;
    placeholder: string;
    onChange: (value: string) => void;
  },
): VNode {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    // The address changed by itself: a link was followed, or the filters were cleared.
    if (value !== told.current) {
      told.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, PAUSE_MILLIS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label class="search">
      <Icon name="search" />
      <input
        class="field"
        type="search"
        data-search
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
