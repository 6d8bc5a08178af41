import { parseDuration, parseTimeout } from "./parsers.ts";
import { positive, row, type Setting } from "./setting.ts";

/** How the items of one signal are batched. */
export function batchSettings(
  section: "traces.batch." | "logs.batch.",
  prefix: string,
  items: string,
): readonly Setting[] {
  return [
    row(
      `${section}maxQueueSize`,
      `${prefix}MAX_QUEUE_SIZE`,
      positive,
      `${items} that wait at most; what comes on top is dropped and counted`,
    ),
    row(
      `${section}maxExportBatchSize`,
      `${prefix}MAX_EXPORT_BATCH_SIZE`,
      positive,
      `${items} in one export`,
    ),
    row(
      `${section}scheduledDelayMillis`,
      `${prefix}SCHEDULE_DELAY`,
      parseDuration,
      `how long ${items} wait for their batch to fill, in ms`,
    ),
    row(
      `${section}exportTimeoutMillis`,
      `${prefix}EXPORT_TIMEOUT`,
      parseTimeout,
      `how long one export of ${items} may take, in ms; 0: no limit`,
    ),
    row(
      `${section}maxQueueBytes`,
      undefined,
      positive,
      `bytes of ${items} that wait at most, by estimate`,
    ),
    row(
      `${section}maxExportBatchBytes`,
      undefined,
      positive,
      `bytes of ${items} in one export, by estimate; one that is larger goes alone`,
    ),
  ];
}
