import type { DebugEvent, DebugOperation } from "./events.ts";
import type { DebugListener } from "./listener.ts";
import { operationKey, operationName, operationOf } from "./operations.ts";
import { formatEntries } from "./timeline_format.ts";

/** One line of a request's timeline: an operation with its duration, or a fact without one. */
export interface TimingEntry {
  /** The operation's name, as its span has it, or the type of the event. */
  readonly name: string;
  /** The event that told of it first. */
  readonly event: DebugEvent;
  /** When it began: milliseconds since the epoch, with fractions. */
  readonly startTime: number;
  /** How long it took; none for a fact, and for an operation that has not ended. */
  readonly durationMillis?: number;
  /** How many operations of the request it lies in. */
  readonly depth: number;
  /** What it failed with. */
  readonly error?: unknown;
}

/** How much timelines keep. */
export interface TimelineOptions {
  /** The most requests; 100 unless told. Past it the oldest is forgotten. */
  readonly maxRequests?: number;
  /** The most entries of one request; 500 unless told. Past it events are only counted. */
  readonly maxEntriesPerRequest?: number;
}

type Growing = { -readonly [K in keyof TimingEntry]: TimingEntry[K] };

interface Timeline {
  readonly entries: Growing[];
  /** Operations that have not ended, by the run they come from or by the key of their raw pair. */
  readonly open: Map<DebugOperation | string, Growing>;
  omitted: number;
}

/**
 * Remembers what the latest requests did, and when. It hears of events that name their request.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Debugger, RequestTimelines } from "@echelon/framework/debugger";
 *
 * const dbg = new Debugger();
 * const timelines = new RequestTimelines();
 * dbg.addListener(timelines);
 *
 * const requestId = "r-1";
 * dbg.emit({ type: "request:start", requestId, data: { method: "GET", path: "/orders/7" } });
 * dbg.run("controller", { route: "/orders/:id" }, () => "order 7", { requestId });
 * dbg.emit({ type: "request:end", requestId, data: { status: 200 } });
 *
 * console.log(timelines.formatTimeline(requestId));
 * assert(timelines.entries(requestId)[1]?.name === "controller");
 * ```
 */
export class RequestTimelines implements DebugListener {
  readonly #maxRequests: number;
  readonly #maxEntries: number;
  readonly #timelines = new Map<string, Timeline>();

  /** @param options How much is kept; every one may be left out. */
  constructor(options: TimelineOptions = {}) {
    this.#maxRequests = options.maxRequests ?? 100;
    this.#maxEntries = options.maxEntriesPerRequest ?? 500;
  }

  /** The ids of the requests that are remembered, the oldest first. */
  requestIds(): string[] {
    return [...this.#timelines.keys()];
  }

  /** What a request did, in order; empty where it is not remembered. */
  entries(requestId: string): readonly TimingEntry[] {
    return this.#timelines.get(requestId)?.entries ?? [];
  }

  /**
   * A request's timeline for a person to read, one line for each entry.
   *
   * @returns The lines; `undefined` where the request is not remembered.
   */
  formatTimeline(requestId: string): string | undefined {
    const timeline = this.#timelines.get(requestId);
    return timeline && formatEntries(requestId, timeline.entries, timeline.omitted);
  }

  /** Notes an event. */
  handleEvent(event: DebugEvent): void {
    if (event.requestId === undefined) return;
    const timeline = this.#timelines.get(event.requestId) ?? this.#begin(event.requestId);
    if (event.type === "middleware:enter" || event.type === "controller:enter") {
      const entry = this.#add(timeline, event);
      if (entry !== undefined) timeline.open.set(keyOf(event), entry);
    } else if (isEnd(event)) {
      this.#close(timeline, event);
    } else {
      this.#add(timeline, event);
    }
  }

  #begin(requestId: string): Timeline {
    for (const oldest of this.#timelines.keys()) {
      if (this.#timelines.size < this.#maxRequests) break;
      this.#timelines.delete(oldest);
    }
    const timeline: Timeline = { entries: [], open: new Map(), omitted: 0 };
    this.#timelines.set(requestId, timeline);
    return timeline;
  }

  #add(timeline: Timeline, event: DebugEvent): Growing | undefined {
    if (timeline.entries.length >= this.#maxEntries) {
      timeline.omitted += 1;
      return undefined;
    }
    const operation = operationOf(event);
    const entry: Growing = {
      name: operation === undefined ? event.type : operationName(operation),
      event,
      startTime: event.operation?.timestamp ?? event.timestamp,
      depth: timeline.open.size,
    };
    noteError(entry, event);
    timeline.entries.push(entry);
    return entry;
  }

  #close(timeline: Timeline, event: DebugEvent): void {
    const key = keyOf(event);
    // An operation with one event, and a raw end whose beginning nobody told, begin here.
    const entry = timeline.open.get(key) ?? this.#add(timeline, event);
    timeline.open.delete(key);
    if (entry === undefined) return;
    entry.durationMillis = event.timestamp - entry.startTime;
    noteError(entry, event);
  }
}

function noteError(entry: Growing, { data }: DebugEvent): void {
  if ("error" in data && data.error !== undefined) entry.error = data.error;
}

function isEnd(event: DebugEvent): boolean {
  return event.operation !== undefined || event.type === "middleware:exit" ||
    event.type === "controller:exit";
}

function keyOf(event: DebugEvent): DebugOperation | string {
  const operation = operationOf(event);
  return event.operation ?? (operation === undefined ? event.type : operationKey(operation));
}
