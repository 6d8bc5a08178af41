import type { ComponentChildren, VNode } from "preact";

/** A part of the details that can be folded. */
export function Section(
  { title, closed = false, children }: {
    title: string;
    closed?: boolean;
    children: ComponentChildren;
  },
): VNode {
  return (
    <details class="section" open={!closed}>
      <summary>
        <h3>{title}</h3>
      </summary>
      {children}
    </details>
  );
}
