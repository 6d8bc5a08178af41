import type { SpanContent } from "../otlp/records.ts";
import type { Store } from "../store/store.ts";
import { KIND_NAMES, startOf, STATUS_NAMES, type StoredSpan } from "../store/trace.ts";
import { Clipper } from "./clip.ts";
import type { Resource, Scope, Span, SpanEvent, SpanLink, SpanProblem } from "./model.ts";
import type { PlacedSpan } from "./span_tree.ts";

/** How spans are shown. */
export interface RenderOptions {
  /** Whether long values are cut. */
  readonly clip: boolean;
  /** After so many characters of content, spans come without theirs. */
  readonly budget: number;
}

/** Makes of stored spans what the API gives, and gathers the resources and scopes they name. */
export class SpanRenderer {
  readonly resources = new Map<string, Resource>();
  readonly scopes: Scope[] = [];
  readonly #store: Store;
  readonly #clip: boolean;
  readonly #scopeIndices = new Map<object, number>();
  #budget: number;

  constructor(store: Store, { clip, budget }: RenderOptions) {
    this.#store = store;
    this.#clip = clip;
    this.#budget = budget;
  }

  render(placed: PlacedSpan): Span {
    const { span } = placed;
    const affordable = this.#budget > 0;
    this.#budget -= span.content.length;
    const content: SpanContent = affordable ? JSON.parse(span.content) : {};
    const clipper = new Clipper();
    const text = (value: string) => this.#clip ? clipper.text(value) : value;
    const problems = problemsOf(placed);
    const rendered = {
      spanId: span.spanId,
      ...(span.parentSpanId !== "" && { parentSpanId: span.parentSpanId }),
      parentIndex: placed.parentIndex,
      depth: placed.depth,
      name: this.#clip ? span.name : content.name ?? span.name,
      kind: KIND_NAMES[span.kind] ?? "unspecified",
      service: span.resource.service,
      resourceId: this.#resource(span),
      scopeIndex: this.#scope(span),
      startTime: startOf(span),
      durationMs: span.durationMs,
      status: STATUS_NAMES[span.status] ?? "unset",
      ...(content.statusMessage !== undefined && { statusMessage: text(content.statusMessage) }),
      ...(content.traceState !== undefined && { traceState: text(content.traceState) }),
      attributes: this.#attributes(content.attributes, clipper),
      events: (content.events ?? []).map((event): SpanEvent => ({
        name: text(event.name),
        time: event.time[0] + event.time[1] / 1_000_000,
        attributes: this.#attributes(event.attributes, clipper),
        ...(event.droppedAttributes !== undefined &&
          { droppedAttributes: event.droppedAttributes }),
      })),
      links: (content.links ?? []).map((link): SpanLink => ({
        traceId: link.traceId,
        spanId: link.spanId,
        attributes: this.#attributes(link.attributes, clipper),
        ...(link.droppedAttributes !== undefined && { droppedAttributes: link.droppedAttributes }),
        ...this.#target(link.traceId, link.spanId),
      })),
      ...(content.droppedAttributes !== undefined &&
        { droppedAttributes: content.droppedAttributes }),
      ...(content.droppedEvents !== undefined && { droppedEvents: content.droppedEvents }),
      ...(content.droppedLinks !== undefined && { droppedLinks: content.droppedLinks }),
      ...(problems.length > 0 && { problems }),
    };
    const nameIsCut = this.#clip && content.name !== undefined;
    return { ...rendered, whole: affordable && clipper.whole && !nameIsCut };
  }

  #attributes(attributes: SpanContent["attributes"], clipper: Clipper) {
    return this.#clip ? clipper.attributes(attributes ?? []) : attributes ?? [];
  }

  #resource({ resource: { id, service, attributes } }: StoredSpan): string {
    if (!this.resources.has(id)) this.resources.set(id, { id, service, attributes });
    return id;
  }

  #scope({ scope }: StoredSpan): number {
    const known = this.#scopeIndices.get(scope);
    if (known !== undefined) return known;
    const { name, version, attributes } = scope;
    const index = this.scopes.push({
      name,
      ...(version !== "" && { version }),
      ...(attributes.length > 0 && { attributes }),
    }) - 1;
    this.#scopeIndices.set(scope, index);
    return index;
  }

  #target(traceId: string, spanId: string): Pick<SpanLink, "known" | "name" | "service"> {
    const trace = this.#store.traces.get(traceId);
    if (trace === undefined) return { known: false };
    const [span] = trace.withId(spanId);
    if (span === undefined) return { known: true };
    return { known: true, name: span.name, service: span.resource.service };
  }
}

function problemsOf({ span, parentMissing, inCycle, duplicateId }: PlacedSpan): SpanProblem[] {
  const problems: SpanProblem[] = [];
  if (parentMissing) problems.push("parent-missing");
  if (inCycle) problems.push("parent-cycle");
  if (span.future) problems.push("future");
  if (span.endsBeforeStart) problems.push("ends-before-start");
  if (duplicateId) problems.push("duplicate-id");
  return problems;
}
