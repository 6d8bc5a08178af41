import type { Attributes } from "@opentelemetry/api";
import { ATTR_HTTP_ROUTE } from "@opentelemetry/semantic-conventions";
import type { Sampler } from "@opentelemetry/sdk-trace-base";
import { KEEP_ATTRIBUTE } from "./attribute_names.ts";
import { checkedNumber, checkedSampler, checkKeys, shown } from "./option_checks.ts";
import { parentSampler } from "./parent.ts";
import { probabilitySampler } from "./probability.ts";
import type { RemoteParent } from "./remote_trust.ts";
import { type SpanMatch, type SpanMatcher, spanMatcher } from "./span_match.ts";
import { textMatcher } from "./text_pattern.ts";

/** What {@linkcode keepWhatMatters} keeps, and what it may take. */
export interface KeepWhatMattersOptions {
  /** The share that is kept of the traces in which nothing stands out, from 0 to 1. */
  readonly baseRatio?: number | undefined;
  /** How far a caller's decision is followed, as in {@linkcode parentSampler}; `trust` unless told. */
  readonly remoteParent?: RemoteParent | undefined;
  /** In place of these two, what decides on traces in which nothing stands out. */
  readonly base?: Sampler | undefined;
  /**
   * The milliseconds from which a local trace is slow, or those of each route (exact, or with `*`;
   * the first that matches) and of the `default`. A root without a route goes by its span's name.
   */
  readonly slowerThan?: number | Readonly<Record<string, number>> | undefined;
  /** The attribute that has a trace kept where it is `true`; `echelon.keep` unless told. */
  readonly markAttribute?: string | undefined;
  /** Traces that are not even looked at: a health check that fails is not worth a trace either. */
  readonly ignore?: readonly SpanMatch[] | undefined;
  /** About how much memory the spans that wait may take; 32 MiB unless told. */
  readonly maxBytes?: number | undefined;
  /** How long a trace may wait for its root to end; 30,000 ms unless told. */
  readonly maxWaitMillis?: number | undefined;
  /** A clock that never goes back, in milliseconds; `performance.now` unless told. */
  readonly clock?: (() => number) | undefined;
}

/** The options, checked and complete. */
export interface TailOptions {
  readonly base: Sampler;
  readonly ignored: SpanMatcher;
  readonly slowMillis: (attributes: Attributes, name: string) => number;
  readonly markAttribute: string;
  readonly maxBytes: number;
  readonly maxWaitMillis: number;
  readonly clock: () => number;
}

const KEYS = [
  "baseRatio",
  "remoteParent",
  "base",
  "slowerThan",
  "markAttribute",
  "ignore",
  "maxBytes",
  "maxWaitMillis",
  "clock",
] as const;

/** The longest that a timer can wait. */
const LONGEST_WAIT = 2_147_483_647;

/**
 * Checks the options and fills in what they leave out.
 *
 * @throws {TypeError | RangeError} When one of them is not one.
 */
export function tailOptions(options: KeepWhatMattersOptions): TailOptions {
  checkKeys("keepWhatMatters", options, KEYS);
  const { markAttribute = KEEP_ATTRIBUTE, ignore = [], clock = () => performance.now() } = options;
  if (typeof markAttribute !== "string" || markAttribute === "") {
    throw new TypeError(
      `Bad "markAttribute" ${shown(markAttribute)}: expected an attribute's name`,
    );
  }
  if (!Array.isArray(ignore)) {
    throw new TypeError(`Bad "ignore" ${shown(ignore)}: expected a list of matches`);
  }
  const ignored = ignore.map((match, index) => {
    const matches = spanMatcher(`ignore[${index}]`, match);
    if (match.parent !== "local") return matches;
    throw new TypeError(`Bad "ignore[${index}].parent" "local": only whole traces can be ignored`);
  });
  const maxWaitMillis = checkedNumber("maxWaitMillis", options.maxWaitMillis ?? 30_000, 1);
  return {
    base: baseSampler(options),
    ignored: (span) => ignored.some((matches) => matches(span)),
    slowMillis: slowMillis(options.slowerThan),
    markAttribute,
    maxBytes: checkedNumber("maxBytes", options.maxBytes ?? 32 * 2 ** 20, 0),
    maxWaitMillis: Math.min(maxWaitMillis, LONGEST_WAIT),
    clock,
  };
}

function baseSampler({ base, baseRatio, remoteParent }: KeepWhatMattersOptions): Sampler {
  if (base === undefined && baseRatio !== undefined) {
    const root = probabilitySampler(baseRatio);
    return parentSampler({ root, ...(remoteParent !== undefined && { remoteParent }) });
  }
  if (base !== undefined && baseRatio === undefined && remoteParent === undefined) {
    return checkedSampler("base", base);
  }
  throw new TypeError(
    'Bad options of "keepWhatMatters": expected "baseRatio", with or without "remoteParent", or ' +
      '"base" alone',
  );
}

function slowMillis(slowerThan: KeepWhatMattersOptions["slowerThan"]): TailOptions["slowMillis"] {
  if (slowerThan === undefined) return () => Infinity;
  if (typeof slowerThan !== "object") {
    const millis = checkedNumber("slowerThan", slowerThan, 0);
    return () => millis;
  }
  checkKeys("slowerThan", slowerThan, Object.keys(slowerThan ?? {}));
  const { default: fallback = Infinity, ...routes } = slowerThan;
  if (fallback !== Infinity) checkedNumber("slowerThan.default", fallback, 0);
  const thresholds = Object.entries(routes).map(([route, millis]) => ({
    matches: textMatcher("slowerThan", route),
    millis: checkedNumber(`slowerThan["${route}"]`, millis, 0),
  }));
  return (attributes, name) => {
    const route = attributes[ATTR_HTTP_ROUTE] ?? name;
    return thresholds.find(({ matches }) => matches(String(route)))?.millis ?? fallback;
  };
}
