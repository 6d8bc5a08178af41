import type { Attributes, ObservableResult } from "@opentelemetry/api";
import { metricInput } from "./metric_input.ts";
import type { Observe, Observer } from "./metrics.ts";

/**
 * A write to an instrument that lets through only what its series can bear, and never throws.
 *
 * @param name The instrument's name.
 * @param write Writes what is sound.
 * @param options Whether the value may be negative.
 */
export function checkedWrite(
  name: string,
  write: (value: number, attributes: Attributes) => void,
  { signed = false }: { readonly signed?: boolean } = {},
): Observe {
  if (!metricInput.acceptsName(name)) return () => {};
  return (value, attributes) => {
    if (!metricInput.acceptsValue(name, value, signed)) return;
    try {
      write(value, metricInput.soundAttributes(name, attributes));
    } catch (error) {
      metricInput.tell(name, `Could not record "${name}": ${String(error)}`);
    }
  };
}

/** An observer as OpenTelemetry calls it, letting through only what a series can bear. */
export function checkedObserver(
  name: string,
  observer: Observer,
  options: { readonly signed?: boolean } = { signed: true },
): (result: ObservableResult) => void | Promise<void> {
  return (result) =>
    observer(
      checkedWrite(name, (value, attributes) => result.observe(value, attributes), options),
    );
}
