import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { LogsView } from "../logs/logs_view.tsx";
import { MapView } from "../map/map_view.tsx";
import { MetricsView } from "../metrics/metrics_view.tsx";
import { Icon, type IconName } from "../parts/icons.tsx";
import { PipelineView } from "../pipeline/pipeline_view.tsx";
import { announcement } from "../state/announcer.ts";
import { href } from "../state/address.ts";
import { route } from "../state/route.ts";
import { isDark, toggleTheme } from "../state/theme.ts";
import { TraceView } from "../trace/trace_view.tsx";
import { TracesView } from "../traces/traces_view.tsx";
import { ConnectionBanner, ConnectionState } from "./connection_banner.tsx";
import { DropTarget } from "./drop_target.tsx";
import { Help } from "./help.tsx";
import { helpOpen } from "./keyboard.ts";

interface Place {
  readonly view: string;
  readonly label: string;
  readonly icon: IconName;
}

const PLACES: readonly Place[] = [
  { view: "traces", label: "Traces", icon: "traces" },
  { view: "map", label: "Service map", icon: "map" },
  { view: "metrics", label: "Metrics", icon: "metrics" },
  { view: "logs", label: "Logs", icon: "logs" },
  { view: "pipeline", label: "Pipeline", icon: "pipeline" },
];

/** The whole page. */
export function App(): VNode {
  const { view, id } = route.value;
  const main = useRef<HTMLElement>(null);
  const place = view === "trace" ? "traces" : view;
  const label = PLACES.find((one) => one.view === place)?.label ?? "Traces";
  useEffect(() => {
    document.title = `${view === "trace" ? "Trace" : label} · Echelon viewer`;
  }, [view, label]);
  return (
    <>
      <header class="top">
        <button type="button" class="button skip" onClick={() => main.current?.focus()}>
          Skip to the content
        </button>
        <a class="brand" href={href("traces")}>
          <Icon name="brand" size={18} />
          Echelon
        </a>
        <nav class="nav" aria-label="Views">
          {PLACES.map((one) => (
            <a
              key={one.view}
              href={href(one.view)}
              {...(one.view === place && { "aria-current": "page" })}
            >
              <Icon name={one.icon} />
              {one.label}
            </a>
          ))}
        </nav>
        <div class="end">
          <ConnectionState />
          <button
            type="button"
            class="button quiet"
            aria-label={isDark.value ? "Use the light theme" : "Use the dark theme"}
            title="Dark or light (t)"
            onClick={toggleTheme}
          >
            <Icon name={isDark.value ? "sun" : "moon"} size={16} />
          </button>
          <button
            type="button"
            class="button quiet"
            aria-label="Keyboard help"
            title="Keyboard help (?)"
            onClick={() => {
              helpOpen.value = true;
            }}
          >
            <Icon name="help" size={16} />
          </button>
        </div>
      </header>
      <main class="main" ref={main} tabIndex={-1}>
        <ConnectionBanner />
        <View view={view} id={id} />
      </main>
      <Help />
      <DropTarget />
      <div class="hidden-visually" role="status" aria-live="polite">{announcement.value}</div>
    </>
  );
}

function View({ view, id }: { view: string; id: string | undefined }): VNode {
  switch (view) {
    case "trace":
      return id === undefined ? <TracesView /> : <TraceView traceId={id} />;
    case "map":
      return <MapView />;
    case "metrics":
      return <MetricsView />;
    case "logs":
      return <LogsView />;
    case "pipeline":
      return <PipelineView />;
  }
  return <TracesView />;
}
