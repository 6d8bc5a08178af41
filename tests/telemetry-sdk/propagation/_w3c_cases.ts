import type { HeaderLine } from "./_w3c_service.ts";

/** The trace and the span that the caller sends. */
export const TRACE_ID = "0123456789abcdef0123456789abcdef";
export const SPAN_ID = "0123456789abcdef";

/** One request of a case, and what has to come of it. */
export interface W3cRequest {
  readonly headers: readonly HeaderLine[];
  /** Whether the service joins the caller's trace; else it begins one of its own. */
  readonly joins: boolean;
  /** The `tracestate` that goes on; none unless told. */
  readonly state?: string;
  /** Whether the random flag goes on. */
  readonly random?: boolean;
  /** How many others the service calls; one unless told. */
  readonly calls?: number;
}

const GOOD = `00-${TRACE_ID}-${SPAN_ID}-01`;

function parent(value: string, joins = false): W3cRequest {
  return { headers: [["traceparent", value]], joins };
}

function state(values: readonly string[], outcome?: string): W3cRequest {
  const lines = values.map((value) => ["tracestate", value] as const);
  return {
    headers: [["traceparent", GOOD], ...lines],
    joins: true,
    ...(outcome !== undefined && { state: outcome }),
  };
}

function members(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `m${from + index}=${index}`).join(",");
}

function characters(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

const KEY_CHARACTERS = `${characters(0x61, 0x7a)}0123456789_-*/`;
const VALUE_CHARACTERS = characters(0x20, 0x2b) + characters(0x2d, 0x3c) + characters(0x3e, 0x7e);

/**
 * The 41 cases of the W3C's own suite for Trace Context, level 2, strict, under the suite's names.
 *
 * @see https://github.com/w3c/trace-context/tree/main/test
 */
export const W3C_CASES: Readonly<Record<string, readonly W3cRequest[]>> = {
  both_traceparent_and_tracestate_missing: [{ headers: [], joins: false }],
  traceparent_included_tracestate_missing: [parent(GOOD, true)],
  traceparent_duplicated: [{
    headers: [["traceparent", GOOD.replace("ef-01", "ee-01")], ["traceparent", GOOD]],
    joins: false,
  }],
  traceparent_header_name: [
    { headers: [["trace-parent", GOOD]], joins: false },
    { headers: [["trace.parent", GOOD]], joins: false },
  ],
  traceparent_header_name_valid_casing: [
    { headers: [["TraceParent", GOOD]], joins: true },
    { headers: [["TrAcEpArEnT", GOOD]], joins: true },
    { headers: [["TRACEPARENT", GOOD]], joins: true },
  ],
  traceparent_version_0x00: [parent(`${GOOD}.`), parent(`${GOOD}-what-comes-later`)],
  traceparent_version_0xcc: [
    parent(`cc-${TRACE_ID}-${SPAN_ID}-01`, true),
    parent(`cc-${TRACE_ID}-${SPAN_ID}-01-what-comes-later`, true),
    parent(`cc-${TRACE_ID}-${SPAN_ID}-01.what-comes-later`),
  ],
  traceparent_version_0xff: [parent(`ff-${TRACE_ID}-${SPAN_ID}-01`)],
  traceparent_version_illegal_characters: [
    parent(`.0-${TRACE_ID}-${SPAN_ID}-01`),
    parent(`0.-${TRACE_ID}-${SPAN_ID}-01`),
  ],
  traceparent_version_too_long: [
    parent(`000-${TRACE_ID}-${SPAN_ID}-01`),
    parent(`0000-${TRACE_ID}-${SPAN_ID}-01`),
  ],
  traceparent_version_too_short: [parent(`0-${TRACE_ID}-${SPAN_ID}-01`)],
  traceparent_trace_id_all_zero: [parent(`00-${"0".repeat(32)}-${SPAN_ID}-01`)],
  traceparent_trace_id_illegal_characters: [
    parent(`00-.${TRACE_ID.slice(1)}-${SPAN_ID}-01`),
    parent(`00-${TRACE_ID.slice(1)}.-${SPAN_ID}-01`),
  ],
  traceparent_trace_id_too_long: [parent(`00-${TRACE_ID}1-${SPAN_ID}-01`)],
  traceparent_trace_id_too_short: [parent(`00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`)],
  traceparent_parent_id_all_zero: [parent(`00-${TRACE_ID}-${"0".repeat(16)}-01`)],
  traceparent_parent_id_illegal_characters: [
    parent(`00-${TRACE_ID}-.${SPAN_ID.slice(1)}-01`),
    parent(`00-${TRACE_ID}-${SPAN_ID.slice(1)}.-01`),
  ],
  traceparent_parent_id_too_long: [parent(`00-${TRACE_ID}-${SPAN_ID}1-01`)],
  traceparent_parent_id_too_short: [parent(`00-${TRACE_ID}-${SPAN_ID.slice(1)}-01`)],
  traceparent_trace_flags_illegal_characters: [
    parent(`00-${TRACE_ID}-${SPAN_ID}-.0`),
    parent(`00-${TRACE_ID}-${SPAN_ID}-0.`),
  ],
  traceparent_trace_flags_too_long: [parent(`00-${TRACE_ID}-${SPAN_ID}-001`)],
  traceparent_trace_flags_too_short: [parent(`00-${TRACE_ID}-${SPAN_ID}-1`)],
  traceparent_ows_handling: [
    parent(` ${GOOD}`, true),
    parent(`\t${GOOD}`, true),
    parent(`${GOOD} `, true),
    parent(`${GOOD}\t`, true),
    parent(`\t ${GOOD} \t`, true),
  ],
  tracestate_included_traceparent_missing: [
    { headers: [["tracestate", "foo=1"]], joins: false },
    { headers: [["tracestate", "foo=1,bar=2"]], joins: false },
  ],
  tracestate_included_traceparent_included: [state(["foo=1,bar=2"], "foo=1,bar=2")],
  tracestate_header_name: [
    { headers: [["traceparent", GOOD], ["trace-state", "foo=1"]], joins: true },
    { headers: [["traceparent", GOOD], ["trace.state", "foo=1"]], joins: true },
  ],
  tracestate_header_name_valid_casing: ["TraceState", "TrAcEsTaTe", "TRACESTATE"].map((name) => ({
    headers: [["traceparent", GOOD], [name, "foo=1"]],
    joins: true,
    state: "foo=1",
  })),
  tracestate_empty_header: [
    state([""]),
    state(["foo=1", ""], "foo=1"),
    state(["", "foo=1"], "foo=1"),
  ],
  tracestate_multiple_headers_different_keys: [
    state(["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], "foo=1,bar=2,rojo=1,congo=2,baz=3"),
  ],
  tracestate_duplicated_keys: [
    state(["foo=1,foo=1"], "foo=1"),
    state(["foo=1,foo=2"], "foo=1"),
    state(["foo=1", "foo=1"], "foo=1"),
    state(["foo=1", "foo=2"], "foo=1"),
  ],
  tracestate_all_allowed_characters: [
    state([`${KEY_CHARACTERS}=${VALUE_CHARACTERS}`], `${KEY_CHARACTERS}=${VALUE_CHARACTERS}`),
    state(
      [`${KEY_CHARACTERS}@a-z=${VALUE_CHARACTERS}`],
      `${KEY_CHARACTERS}@a-z=${VALUE_CHARACTERS}`,
    ),
  ],
  tracestate_ows_handling: [
    state(["foo=1 \t , \t bar=2, \t baz=3"], "foo=1,bar=2,baz=3"),
    state(["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], "foo=1,bar=2,baz=3"),
    ...[" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"].map((value) =>
      state([value], "foo=1")
    ),
  ],
  tracestate_key_illegal_characters: [state(["foo =1"]), state(["FOO=1"]), state(["foo.bar=1"])],
  tracestate_key_illegal_vendor_format: [
    state(["foo@=1,bar=2"], "foo@=1,bar=2"),
    state(["@foo=1,bar=2"]),
    state(["foo@@bar=1,bar=2"], "foo@@bar=1,bar=2"),
    state(["foo@bar@baz=1,bar=2"], "foo@bar@baz=1,bar=2"),
  ],
  tracestate_member_count_limit: [
    state([members(1, 10), members(11, 32)], `${members(1, 10)},${members(11, 32)}`),
    state([members(1, 10), members(11, 33)]),
  ],
  tracestate_key_length_limit: [
    state(["foo=1", `${"z".repeat(256)}=1`], `foo=1,${"z".repeat(256)}=1`),
    state(["foo=1", `${"z".repeat(257)}=1`]),
    ...[`${"t".repeat(241)}@${"v".repeat(14)}`, `${"t".repeat(242)}@v`, `t@${"v".repeat(15)}`].map(
      (key) => state(["foo=1", `${key}=1`], `foo=1,${key}=1`),
    ),
  ],
  tracestate_value_illegal_characters: [state(["foo=bar=baz"]), state(["foo=,bar=3"])],
  multiple_requests_with_valid_traceparent: [{ ...parent(GOOD, true), calls: 3 }],
  multiple_requests_without_traceparent: [{ headers: [], joins: false, calls: 3 }],
  multiple_requests_with_illegal_traceparent: [
    { ...parent(`00-${"0".repeat(32)}-${SPAN_ID}-01`), calls: 3 },
  ],
  propagates_random_flag: [{ ...parent(`00-${TRACE_ID}-${SPAN_ID}-02`, true), random: true }],
};
