import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { clip, visibleText } from "../format/text.ts";

/** Longer than this is cut where a text stands in a line. */
const LINE_LENGTH = 300;

/** Longer than this is shown in parts. */
const BLOCK_LENGTH = 2000;

/** More of a text than this is never put into the page at once. */
const STEP = 50_000;

/** A text from outside in a line: isolated from what is around it, and cut when it is long. */
export function Text({ value }: { value: string }): VNode {
  const shown = clip(value, LINE_LENGTH);
  return <bdi>{visibleText(shown)}{shown.length < value.length ? "…" : ""}</bdi>;
}

/** A dotted name from outside: where it does not fit, it goes on after a dot. */
export function DottedText({ value }: { value: string }): VNode {
  const shown = clip(value, LINE_LENGTH);
  const parts = visibleText(shown).split(/(?<=[._/])/);
  return (
    <bdi>
      {parts.flatMap((part, i) => i === 0 ? [part] : [<wbr key={i} />, part])}
      {shown.length < value.length ? "…" : ""}
    </bdi>
  );
}

/** A text from outside with room of its own: what is long opens step by step. */
export function LongText({ value }: { value: string }): VNode {
  const [length, setLength] = useState(BLOCK_LENGTH);
  const shown = clip(value, length);
  const rest = value.length - shown.length;
  return (
    <>
      <bdi>{visibleText(shown)}</bdi>
      {rest > 0 && (
        <button
          type="button"
          class="button small more"
          onClick={() => setLength(length + STEP)}
        >
          Show more ({rest.toLocaleString("en-GB")} characters left)
        </button>
      )}
    </>
  );
}
