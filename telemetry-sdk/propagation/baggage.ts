import {
  type Context,
  diag,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { formatBaggage, parseBaggage } from "./baggage_header.ts";
import { joinedValue } from "./header_value.ts";

const BAGGAGE = "baggage";

/** W3C Baggage: up to 180 entries in 8,192 bytes, 4,096 of them for one entry. */
export class BaggagePropagator implements TextMapPropagator {
  #warned = false;

  /** Writes what fits; the first time that something does not, it says so. */
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined || isTracingSuppressed(context)) return;
    const { text, incomplete } = formatBaggage(baggage);
    if (incomplete) this.#warn();
    if (text !== "") setter.set(carrier, BAGGAGE, text);
  }

  /**
   * Reads the caller's baggage. A header without a sound member empties the context's baggage, as OpenTelemetry
   * wants it; no header leaves it alone.
   */
  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const header = joinedValue(getter.get(carrier, BAGGAGE));
    if (header === undefined) return context;
    const baggage = parseBaggage(header);
    if (baggage !== undefined) return propagation.setBaggage(context, baggage);
    return propagation.getBaggage(context) === undefined
      ? context
      : propagation.deleteBaggage(context);
  }

  /** The header that it writes. */
  fields(): string[] {
    return [BAGGAGE];
  }

  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    diag.warn(
      "Baggage is sent incomplete: it may have 180 entries with a name, 8192 bytes, 4096 of them per entry, " +
        "and metadata by the W3C's grammar",
    );
  }
}
