import {
  type Context,
  diag,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";

/**
 * Several propagators as one, asked in their order, so that of two that speak of the same thing the later one
 * wins. What one of them throws reaches neither the request nor the others, and is said once.
 */
export class CompositePropagator implements TextMapPropagator {
  readonly #propagators: readonly TextMapPropagator[];
  readonly #fields: readonly string[];
  readonly #reported = new Set<string>();

  /** @param propagators What is put together. */
  constructor(propagators: readonly TextMapPropagator[]) {
    this.#propagators = propagators;
    this.#fields = [...new Set(propagators.flatMap((propagator) => this.#fieldsOf(propagator)))];
  }

  /** Lets each write its own headers. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    for (const propagator of this.#propagators) {
      try {
        const result: unknown = propagator.inject(context, carrier, setter);
        // An `async inject` would otherwise end the process when it rejects.
        if (result instanceof Promise) {
          result.catch((error) => this.#report(propagator, "inject", error));
        }
      } catch (error) {
        this.#report(propagator, "inject", error);
      }
    }
  }

  /** Lets each add to the context what it finds. */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    let extracted = context;
    for (const propagator of this.#propagators) {
      try {
        const next: unknown = propagator.extract(extracted, carrier, getter);
        if (next instanceof Promise) next.catch(() => {});
        if (!isContext(next)) throw new TypeError(`Expected a context, got "${typeof next}"`);
        extracted = next;
      } catch (error) {
        this.#report(propagator, "extract", error);
      }
    }
    return extracted;
  }

  /** The headers of all of them. */
  fields(): string[] {
    return [...this.#fields];
  }

  #fieldsOf(propagator: TextMapPropagator): readonly string[] {
    try {
      const fields: unknown = propagator.fields();
      if (!Array.isArray(fields)) throw new TypeError(`Expected an array, got "${typeof fields}"`);
      return fields.filter((field) => typeof field === "string");
    } catch (error) {
      this.#report(propagator, "fields", error);
      return [];
    }
  }

  #report(propagator: TextMapPropagator, method: string, error: unknown): void {
    const position = this.#propagators.indexOf(propagator);
    const what = `${position}.${method}`;
    if (this.#reported.has(what)) return;
    this.#reported.add(what);
    diag.error(
      `Propagator ${position + 1}, ${nameOf(propagator)}, failed in ${method}(); this is said once`,
      error,
    );
  }
}

function isContext(value: unknown): value is Context {
  return typeof value === "object" && value !== null && "getValue" in value &&
    typeof value.getValue === "function" && "setValue" in value &&
    typeof value.setValue === "function";
}

/** A propagator of the application's can be any object, one without a constructor among them. */
function nameOf(propagator: TextMapPropagator): string {
  try {
    return String(propagator.constructor.name);
  } catch {
    return "without a name";
  }
}
