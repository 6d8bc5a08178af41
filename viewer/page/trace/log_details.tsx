import type { VNode } from "preact";
import type { LogEntry } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLoad } from "../api/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { ServiceName } from "../traces/trace_row.tsx";
import { LogLines } from "./log_lines.tsx";

/** All that is known of a log of the trace. */
export function LogDetails(
  { log: given, traceStart, onClose }: {
    log: LogEntry;
    traceStart: number;
    onClose: () => void;
  },
): VNode {
  const full = useLoad<LogEntry>(given.whole ? undefined : apiUrl(["logs", given.id]));
  const log = full.data ?? given;
  return (
    <aside class="details" aria-label="Details of the log" tabIndex={-1} data-details>
      <header>
        <h2>Log</h2>
        <button
          type="button"
          class="button quiet small"
          aria-label="Close the details"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="facts">
        <ServiceName service={log.service} />
        <span class="badge">{log.scope}</span>
      </div>
      <LogLines logs={[log]} traceStart={traceStart} />
    </aside>
  );
}
