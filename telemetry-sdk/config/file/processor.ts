import type {
  BatchLogRecordProcessorConfigModel,
  BatchSpanProcessorConfigModel,
  LogRecordProcessorConfigModel,
  SpanProcessorConfigModel,
} from "@opentelemetry/configuration";
import type { BatchConfig } from "../schema.ts";
import { shownValue } from "./document.ts";
import { type ReadExporter, readExporter } from "./exporter.ts";
import type { FilePlace } from "./place.ts";

/** A destination of spans or of log records. */
export interface ReadDestination extends ReadExporter {
  readonly batch: BatchConfig;
}

/** Each item goes out at once. */
const AT_ONCE: BatchConfig = { maxExportBatchSize: 1, scheduledDelayMillis: 0 };

/**
 * Reads a processor: a batch and what exports it.
 *
 * @param model What the file says.
 * @param place Where that stands.
 * @returns The destination; nothing where the processor is known and not needed here.
 * @throws {ConfigFileError} When it is not one that there is here.
 */
export function readProcessor(
  model: SpanProcessorConfigModel | LogRecordProcessorConfigModel,
  place: FilePlace,
): readonly ReadDestination[] {
  const [kind] = Object.keys(model);
  if (kind === undefined) return place.refuse("expected a processor: batch or simple");
  const here = place.at(kind);
  if (kind === "batch" && model.batch) {
    return [{
      ...readExporter(model.batch.exporter, here.at("exporter")),
      batch: readBatch(model.batch, here),
    }];
  }
  if (kind === "simple" && model.simple) {
    return [{ ...readExporter(model.simple.exporter, here.at("exporter")), batch: AT_ONCE }];
  }
  if (kind === BRIDGE) {
    here.warn("it is not used: events stay log records, which carry the span's ids");
    return [];
  }
  return here.refuse(`the processor ${shownValue(kind)} is not known; expected batch or simple`);
}

const BRIDGE = "event_to_span_event_bridge/development";

function readBatch(
  model: BatchSpanProcessorConfigModel | BatchLogRecordProcessorConfigModel,
  place: FilePlace,
): BatchConfig {
  return {
    maxQueueSize: place.at("max_queue_size")
      .option("traces.batch.maxQueueSize", model.max_queue_size),
    maxExportBatchSize: place.at("max_export_batch_size")
      .option("traces.batch.maxExportBatchSize", model.max_export_batch_size),
    scheduledDelayMillis: place.at("schedule_delay")
      .option("traces.batch.scheduledDelayMillis", model.schedule_delay),
    exportTimeoutMillis: place.at("export_timeout")
      .option("traces.batch.exportTimeoutMillis", model.export_timeout),
  };
}
