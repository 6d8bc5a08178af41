import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Span } from "../../api/model.ts";
import { isDark } from "../state/theme.ts";
import { serviceClass } from "../state/service_colour.ts";
import { percentAt, type TimeWindow } from "./time_scale.ts";

const HEIGHT = 44;

/**
 * The whole trace in small: dragging over it zooms in, a double click shows all again. With the
 * keyboard, `+`, `-` and `0` in the waterfall do the same.
 */
export function Minimap(
  { spans, whole, window, onZoom }: {
    spans: readonly Span[];
    whole: TimeWindow;
    window: TimeWindow;
    onZoom: (window: TimeWindow) => void;
  },
): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => draw(element, spans, whole));
    observer.observe(element);
    return () => observer.disconnect();
  }, [spans, whole.from, whole.to, dark]);

  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const timeAt = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return whole.from + share * (whole.to - whole.from);
  };
  const shown = drag === undefined
    ? window
    : { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) };
  const left = percentAt(whole, shown.from);
  const right = percentAt(whole, shown.to);
  return (
    <div
      class="minimap"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: timeAt(event), to: timeAt(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ from: drag.from, to: timeAt(event) })}
      onPointerUp={() => {
        setDrag(undefined);
        if (shown.to - shown.from > (whole.to - whole.from) / 500) onZoom(shown);
      }}
      onPointerCancel={() => setDrag(undefined)}
      onDblClick={() => onZoom(whole)}
    >
      <canvas ref={canvas} height={HEIGHT} />
      <span class="minimap-off" style={{ left: "0", width: `${left}%` }} />
      <span class="minimap-off" style={{ left: `${right}%`, right: "0" }} />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, spans: readonly Span[], whole: TimeWindow): void {
  const width = canvas.clientWidth;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const drawing = canvas.getContext("2d");
  if (drawing === null) return;
  drawing.scale(scale, scale);
  const colours = new Map<string, string>();
  const thickness = Math.max(1, Math.min(3, (HEIGHT - 6) / spans.length));
  for (const [index, span] of spans.entries()) {
    const colour = colours.get(span.service) ?? colourOf(canvas, span.service);
    colours.set(span.service, colour);
    const x = width * percentAt(whole, span.startTime) / 100;
    const length = width * span.durationMs / (whole.to - whole.from);
    const y = 3 + (HEIGHT - 6 - thickness) * index / Math.max(1, spans.length - 1);
    drawing.fillStyle = colour;
    drawing.fillRect(x, y, Math.max(1, length), thickness);
  }
}

/** The colour that the style sheet gives a service. */
function colourOf(beside: HTMLElement, service: string): string {
  const probe = document.createElement("span");
  probe.className = serviceClass(service);
  beside.after(probe);
  const colour = getComputedStyle(probe).getPropertyValue("--service");
  probe.remove();
  return colour;
}
