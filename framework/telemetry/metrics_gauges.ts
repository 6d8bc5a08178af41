import type { Attributes } from "@opentelemetry/api";
import { observeMetric } from "./metric_observers.ts";

/** Counts what there is now. */
export type CountNow = () => number | Promise<number>;

/**
 * Observes how many jobs of a queue wait: `echelon.jobs.queued`.
 *
 * @param queue The queue's name.
 * @param waiting Counts them.
 * @returns Ends it.
 */
export function observeQueueDepth(queue: string, waiting: CountNow): () => void {
  return observeCount("echelon.jobs.queued", waiting, {
    unit: "{job}",
    description: "Jobs that wait to be worked, ready or delayed",
    attributes: { "job.queue": queue },
  });
}

/**
 * Observes how many entries a cache holds in memory: `echelon.cache.size`.
 *
 * @param cache The cache's name.
 * @param entries Counts them.
 * @returns Ends it.
 */
export function observeCacheSize(cache: string, entries: CountNow): () => void {
  return observeCount("echelon.cache.size", entries, {
    unit: "{entry}",
    description: "Entries that a cache holds in memory",
    attributes: { "cache.name": cache },
  });
}

/**
 * Observes how many requests a server has taken and not yet answered: `echelon.http.open_requests`.
 * Unlike `http.server.active_requests` it is counted where it is read, so that no lost decrement
 * can make it drift.
 *
 * @param server The server's address, to tell the servers of a process apart.
 * @param open Counts them.
 * @returns Ends it.
 */
export function observeOpenRequests(server: string, open: CountNow): () => void {
  return observeCount("echelon.http.open_requests", open, {
    unit: "{request}",
    description: "Requests taken and not yet answered",
    attributes: { "server.address": server },
  });
}

function observeCount(
  name: string,
  count: CountNow,
  { attributes, ...options }: {
    readonly unit: string;
    readonly description: string;
    readonly attributes: Attributes;
  },
): () => void {
  return observeMetric({ kind: "observableGauge", name }, async (observe) => {
    observe(await count(), attributes);
  }, options);
}
