import { type SpanContext, TraceFlags } from "@opentelemetry/api";

/** What B3 headers say. */
export interface B3 {
  readonly span: SpanContext;
  /** Whether the caller asks for a trace whatever the samplers say. */
  readonly debug: boolean;
}

/** The fields of B3, whichever way they came. */
interface Fields {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly sampled: string | undefined;
  readonly debug: boolean;
}

const TRACE_ID = /^(?!0+$)(?:[0-9a-f]{16}){1,2}$/;
const SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/;
/** `{trace id}-{span id}`, then perhaps `-{sampling state}`, then perhaps `-{parent's span id}`. */
const SINGLE = /^([0-9a-f]+)-([0-9a-f]+)(?:-([01d])(?:-[0-9a-f]{16})?)?$/;
const MAX_LENGTH = 32 + 1 + 16 + 1 + 1 + 1 + 16;

/** What the sampling state may be; tracers before the specification wrote words. */
const SAMPLED: Readonly<Record<string, boolean>> = {
  "1": true,
  "0": false,
  true: true,
  false: false,
};

/**
 * Reads the header `b3`.
 *
 * @returns `undefined` where it breaks the grammar. So it is where the header has a sampling state alone: without
 * ids there is no caller's span, and the state has nothing to stand on.
 */
export function parseSingle(header: string): B3 | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const [, traceId, spanId, state] = SINGLE.exec(header) ?? [];
  const debug = state === "d";
  return joinFields({ traceId, spanId, sampled: debug ? undefined : state, debug });
}

/**
 * Puts the fields of the `x-b3-` headers together. An absent sampling state leaves the decision to the receiver;
 * OpenTelemetry has no flag for that, so that it reads as not sampled.
 */
export function joinFields({ traceId, spanId, sampled, debug }: Fields): B3 | undefined {
  if (traceId === undefined || !TRACE_ID.test(traceId)) return undefined;
  if (spanId === undefined || !SPAN_ID.test(spanId)) return undefined;
  if (sampled !== undefined && !Object.hasOwn(SAMPLED, sampled)) return undefined;
  const isSampled = debug || (sampled !== undefined && SAMPLED[sampled] === true);
  return {
    span: {
      // A trace id of 64 bits is one of 128 that begins with zeros.
      traceId: traceId.padStart(32, "0"),
      spanId,
      traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: true,
    },
    debug,
  };
}
