import type { Signal } from "./signal.ts";

/** `GET /api/pipeline`: how the senders' own pipelines are, from their `otel.sdk.*` metrics. */
export interface Pipelines {
  readonly pipelines: readonly Pipeline[];
}

/** The pipeline of one process. */
export interface Pipeline {
  readonly service: string;
  /** `service.instance.id`, where it was sent. */
  readonly instanceId?: string;
  readonly resourceId: string;
  readonly lastTime: number;
  readonly signals: readonly PipelineSignal[];
}

export interface PipelineSignal {
  readonly signal: Signal;
  /** Spans started or logs created. */
  readonly created?: number;
  /** Spans that have not ended yet. */
  readonly live?: number;
  readonly queueSize?: number;
  readonly queueCapacity?: number;
  /** Taken out of the queue, the lost ones included. */
  readonly processed?: number;
  /** Handed to the exporter and not yet answered. */
  readonly inflight?: number;
  /** Exported without an error. */
  readonly exported: number;
  /** What was lost, by reason; empty when nothing was. */
  readonly dropped: readonly PipelineDrop[];
  /** How long an export takes, where the sender measures it. */
  readonly exportMeanMs?: number;
}

export interface PipelineDrop {
  readonly where: "processor" | "exporter";
  /** `error.type`. */
  readonly reason: string;
  readonly count: number;
}
