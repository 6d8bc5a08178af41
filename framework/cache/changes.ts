/** How many resources' changes are remembered; past it, the oldest count for all. */
const MAX_RESOURCES = 1000;

/** Tells whether a resource was changed since something began, with a bounded memory. */
export class Changes {
  readonly #last = new Map<string, number>();
  #count = 0;
  #forgotten = 0;

  /** The present, to ask `since` about later. */
  now(): number {
    return this.#count;
  }

  /** Notes that a resource has changed. */
  note(resource: string): void {
    this.#count += 1;
    this.#last.delete(resource);
    this.#last.set(resource, this.#count);
    if (this.#last.size <= MAX_RESOURCES) return;
    for (const [oldest, at] of this.#last) {
      this.#last.delete(oldest);
      this.#forgotten = at;
      return;
    }
  }

  /** Whether the resource has changed since then, or may have. */
  since(then: number, resource: string): boolean {
    return (this.#last.get(resource) ?? this.#forgotten) > then;
  }
}
