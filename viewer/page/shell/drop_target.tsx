import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ImportResult } from "../../api/model.ts";
import { apiUrl, request, RequestFailure } from "../api/client.ts";
import { formatCount } from "../format/quantity.ts";
import { Icon } from "../parts/icons.tsx";
import { Text } from "../parts/text.tsx";
import { announce } from "../state/announcer.ts";

interface Notice {
  readonly failed: boolean;
  readonly text: string;
}

const notice = signal<Notice | undefined>(undefined);

/** How long a notice of success stays. */
const NOTICE_MILLIS = 8000;

/** Takes files that are dropped on the page and hands them to the viewer. */
export function DropTarget(): VNode {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const isFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      setOver(false);
      importFiles([...event.dataTransfer?.files ?? []]);
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
    };
  }, []);
  return (
    <>
      {over && <div class="drop">Drop OTLP JSON to look at it</div>}
      <NoticeView />
    </>
  );
}

function NoticeView(): VNode | null {
  const shown = notice.value;
  useEffect(() => {
    if (shown === undefined || shown.failed) return;
    const timer = setTimeout(() => {
      notice.value = undefined;
    }, NOTICE_MILLIS);
    return () => clearTimeout(timer);
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <div class="notice" data-failed={shown.failed}>
      <Icon name={shown.failed ? "error" : "check"} />
      <span>
        <Text value={shown.text} />
      </span>
      <button
        type="button"
        class="button quiet small"
        aria-label="Close the notice"
        onClick={() => {
          notice.value = undefined;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

async function importFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    tell({ failed: false, text: `Importing ${file.name} …` });
    try {
      tell(resultOf(file.name, await post(file)));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      tell({ failed: true, text: `${file.name}: ${error.message}` });
    }
  }
}

/** Sends a file compressed: the viewer bounds what it takes in by its size on the way. */
async function post(file: File): Promise<ImportResult> {
  const zipped = file.stream().pipeThrough(new CompressionStream("gzip"));
  return await request<ImportResult>(apiUrl(["import"]), {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: await new Response(zipped).blob(),
  });
}

function resultOf(name: string, result: ImportResult): Notice {
  const { spans, logs, points, refused, problems } = result;
  const counts = ([[spans, "spans"], [logs, "logs"], [points, "metric points"]] as const)
    .filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  const taken = counts.length === 0 ? "nothing" : counts.join(", ");
  const [first] = problems;
  const problem = refused === 0 && first === undefined
    ? ""
    : `; ${formatCount(refused)} refused${first === undefined ? "" : `: ${first}`}`;
  return { failed: problem !== "", text: `${name}: imported ${taken}${problem}` };
}

function tell(next: Notice): void {
  notice.value = next;
  announce(next.text);
}
