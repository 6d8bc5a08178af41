import type { Observable, ObservableCallback } from "@opentelemetry/api";
import { activeMeter } from "./active_meter.ts";
import { checkedObserver } from "./metric_checks.ts";
import type { InstrumentOptions, Observer } from "./metrics.ts";
import type { ObservedKind } from "./metrics_registry.ts";
import type { InstrumentMeter } from "./metrics_registry_meter.ts";

interface Observation {
  readonly kind: ObservedKind;
  readonly name: string;
  readonly options: InstrumentOptions;
  readonly callback: ObservableCallback;
  /** The instrument that asks, of the meter attached to now. */
  instrument?: Observable;
}

const observations = new Set<Observation>();
let attachedTo: InstrumentMeter | undefined;

/**
 * Tells an instrument's values whenever metrics are collected, wherever that is: before an SDK is
 * registered and after.
 *
 * @param instrument Its kind and name.
 * @param observer Tells the values of now.
 * @param options Its unit and description.
 * @returns Ends it.
 */
export function observeMetric(
  { kind, name }: { readonly kind: ObservedKind; readonly name: string },
  observer: Observer,
  options: InstrumentOptions = {},
): () => void {
  const signed = kind !== "observableCounter";
  const callback = checkedObserver(name, observer, { signed });
  const observation: Observation = { kind, name, options, callback };
  attachObservers(activeMeter());
  attach(observation);
  observations.add(observation);
  return () => {
    observations.delete(observation);
    detach(observation);
  };
}

/** Has every observer asked by the instruments of this meter, and of no other any more. */
export function attachObservers(meter: InstrumentMeter): void {
  if (attachedTo === meter) return;
  attachedTo = meter;
  for (const observation of observations) {
    detach(observation);
    attach(observation);
  }
}

function attach(observation: Observation): void {
  if (attachedTo === undefined) return;
  const { kind, name, options, callback } = observation;
  observation.instrument = createObservable(attachedTo, kind, { name, options });
  observation.instrument.addCallback(callback);
}

function detach(observation: Observation): void {
  observation.instrument?.removeCallback(observation.callback);
  delete observation.instrument;
}

function createObservable(
  meter: InstrumentMeter,
  kind: ObservedKind,
  { name, options }: { readonly name: string; readonly options: InstrumentOptions },
): Observable {
  switch (kind) {
    case "observableCounter":
      return meter.createObservableCounter(name, options);
    case "observableUpDownCounter":
      return meter.createObservableUpDownCounter(name, options);
    case "observableGauge":
      return meter.createObservableGauge(name, options);
  }
}
