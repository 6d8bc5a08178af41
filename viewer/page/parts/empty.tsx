import type { ComponentChildren, VNode } from "preact";
import { Icon, type IconName } from "./icons.tsx";

/** What stands where nothing is: why, and what to do next. */
export function Empty(
  { icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren },
): VNode {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** How to send data here, for whoever has none yet. */
export function HowToSend(): VNode {
  const lines = [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`,
    "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
  ];
  return (
    <>
      <p>Start any service whose OpenTelemetry SDK exports by OTLP over HTTP with</p>
      <pre tabIndex={0} aria-label="Environment variables to set">{lines.join("\n")}</pre>
      <p>
        or run <code>deno task demo</code>, or drop a file of OTLP JSON anywhere on this page.
      </p>
    </>
  );
}
