import type { Attributes } from "@opentelemetry/api";
import {
  type RawResourceAttribute,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";

/** What an awaited resource is made of. */
export interface AwaitedAttributes {
  /** What is known already. */
  readonly known: Attributes;
  /** Everything, once it is found out; never rejects. */
  readonly complete: Promise<Attributes>;
  /** The conventions that the names follow. */
  readonly schemaUrl: string | undefined;
}

/**
 * A resource of which a part is still being found out. The stock one can wait for the value of an attribute,
 * but its name it has to know; a detector that takes its time tells both at once.
 */
export class AwaitedResource implements Resource {
  readonly schemaUrl?: string;
  readonly #complete: Promise<void>;
  #attributes: Attributes;
  #pending = true;

  /** @param attributes What is known, and what is to come. */
  constructor({ known, complete, schemaUrl }: AwaitedAttributes) {
    if (schemaUrl !== undefined) this.schemaUrl = schemaUrl;
    this.#attributes = known;
    this.#complete = complete.then((attributes) => {
      this.#attributes = attributes;
      this.#pending = false;
    });
  }

  /** Whether something is still being found out. */
  get asyncAttributesPending(): boolean {
    return this.#pending;
  }

  /** What is known by now. */
  get attributes(): Attributes {
    return this.#attributes;
  }

  /** Resolves once everything is known. */
  waitForAsyncAttributes(): Promise<void> {
    return this.#complete;
  }

  /** A resource with the other's attributes as well, which win over this one's. */
  merge(other: Resource | null): Resource {
    if (other === null) return this;
    const merged = this.#stock().merge(other);
    if (!this.#pending) return merged;
    const complete = this.#complete.then(async () => {
      await other.waitForAsyncAttributes?.();
      return this.#stock().merge(other).attributes;
    });
    return new AwaitedResource({
      known: { ...this.#attributes, ...other.attributes },
      complete,
      schemaUrl: merged.schemaUrl,
    });
  }

  /** The attributes as pairs. */
  getRawAttributes(): RawResourceAttribute[] {
    return Object.entries(this.#attributes);
  }

  #stock(): Resource {
    return resourceFromAttributes(
      this.#attributes,
      this.schemaUrl === undefined ? undefined : { schemaUrl: this.schemaUrl },
    );
  }
}
