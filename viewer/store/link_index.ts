import type { LinkTarget } from "../otlp/records.ts";

/** A span that links somewhere. */
export interface LinkSource extends LinkTarget {
  /** The span of the target's trace that it points at. */
  readonly toSpanId: string;
}

/** What one entry is charged for. */
export const LINK_BYTES = 200;
const MAX_PER_TARGET = 1000;

/** Finds the spans that link to a trace, which may arrive after them. */
export class LinkIndex {
  readonly #byTarget = new Map<string, LinkSource[]>();

  /** Remembers a link; false when its target has too many already. */
  add(source: LinkTarget, target: LinkTarget): boolean {
    let sources = this.#byTarget.get(target.traceId);
    if (sources === undefined) {
      sources = [];
      this.#byTarget.set(target.traceId, sources);
    }
    if (sources.length >= MAX_PER_TARGET) return false;
    sources.push({ ...source, toSpanId: target.spanId });
    return true;
  }

  /** The spans that link to a trace. */
  to(traceId: string): readonly LinkSource[] {
    return this.#byTarget.get(traceId) ?? [];
  }

  /** Forgets every link from one trace to another. */
  remove(fromTraceId: string, toTraceId: string): void {
    const rest = this.to(toTraceId).filter(({ traceId }) => traceId !== fromTraceId);
    if (rest.length > 0) this.#byTarget.set(toTraceId, rest);
    else this.#byTarget.delete(toTraceId);
  }
}
