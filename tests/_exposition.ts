/** One line of an exposition that has a value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every sample of one name, with what is said of it. */
export interface Family {
  /** Without a counter's `_total`. */
  readonly name: string;
  readonly type: string;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  readonly samples: readonly Sample[];
}

type Draft = { -readonly [Key in keyof Family]: Family[Key] } & { samples: Sample[] };

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const COMMENT = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME})(?: (.*))?$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
const TYPES = ["counter", "gauge", "histogram"];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ["_total"],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

/**
 * Reads an exposition as strictly as the formats are written, and throws at the first line that is
 * against them.
 *
 * @param text What was served.
 * @param format The text format 0.0.4, or OpenMetrics 1.0.
 */
export function parseExposition(text: string, format: "prometheus" | "openmetrics"): Family[] {
  const open = format === "openmetrics";
  const lines = text.split("\n");
  check(lines.pop() === "", "the last line has no end", text.slice(-40));
  if (open) check(lines.pop() === "# EOF", "the last line is not # EOF", text.slice(-40));
  const families = new Map<string, Draft>();
  let current: Draft | undefined;
  for (const line of lines) {
    if (line.startsWith("#")) {
      const [, keyword, name = "", said = ""] = COMMENT.exec(line) ?? [];
      check(keyword !== undefined, "a comment of no known kind", line);
      if (current?.name !== name) {
        check(!families.has(name), "a family comes twice", line);
        current = { name, type: "unknown", help: undefined, unit: undefined, samples: [] };
        families.set(name, current);
      }
      check(current.samples.length === 0, "a comment after its family's samples", line);
      describe(current, keyword, { said, line, open });
    } else {
      const sample = parseSample(line);
      check(current !== undefined, "a sample before any family", line);
      const suffixes = open || current.type !== "counter" ? SUFFIXES[current.type] : [""];
      const own = (suffixes ?? []).some((suffix) => `${current?.name}${suffix}` === sample.name);
      check(own, `a sample that is not of the ${current.type} "${current.name}"`, line);
      current.samples.push(sample);
    }
  }
  return [...families.values()].map((family) => finished(family, open));
}

function describe(
  family: Draft,
  keyword: string | undefined,
  { said, line, open }: { said: string; line: string; open: boolean },
): void {
  if (keyword === "TYPE") {
    check(family.type === "unknown" && TYPES.includes(said), "a type that cannot be", line);
    family.type = said;
  } else if (keyword === "HELP") {
    check(family.help === undefined, "a second HELP", line);
    check(!/\\(?![\\n"])/.test(said.replaceAll("\\\\", "")), "a wrong escape", line);
    family.help = unescape(said);
  } else {
    check(open && family.unit === undefined, "a UNIT that may not be there", line);
    check(family.name.endsWith(`_${said}`), "a name that does not end in its unit", line);
    family.unit = said;
  }
}

function parseSample(line: string): Sample {
  const match = SAMPLE.exec(line);
  check(match !== null, "a line that is no sample", line);
  const [, name = "", set, written = ""] = match;
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (set !== undefined && LABEL.lastIndex < set.length) {
    const label = LABEL.exec(set);
    check(label !== null, "labels that cannot be read", line);
    const [, key = "", value = ""] = label;
    check(!Object.hasOwn(labels, key), `the label "${key}" twice`, line);
    labels[key] = unescape(value);
  }
  const value = written === "+Inf" ? Infinity : written === "-Inf" ? -Infinity : Number(written);
  check(written === "NaN" || !Number.isNaN(value), "a value that is no number", line);
  return { name, labels, value };
}

function finished(family: Draft, open: boolean): Family {
  const seen = new Set<string>();
  for (const { name, labels, value } of family.samples) {
    const key = name + JSON.stringify(Object.entries(labels).sort());
    check(!seen.has(key), "a series twice", key);
    seen.add(key);
    if (family.type === "counter") check(value >= 0 && value < Infinity, "a wrong count", key);
  }
  check(family.samples.length > 0, "a family without samples", family.name);
  if (family.type === "histogram") checkBuckets(family, open);
  if (open || family.type !== "counter") return family;
  check(family.name.endsWith("_total"), "a counter not called _total", family.name);
  return { ...family, name: family.name.slice(0, -"_total".length) };
}

function checkBuckets({ name, samples }: Draft, open: boolean): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const [labels, parts] of series) {
    const buckets = parts.filter((part) => part.name === `${name}_bucket`);
    const only = (suffix: string) => {
      const found = parts.filter((part) => part.name === name + suffix);
      check(found.length === 1, `not one ${suffix}`, name + labels);
      return found[0]?.value;
    };
    let [bound, count] = [-Infinity, 0];
    for (const { labels: { le = "" }, value } of buckets) {
      const upper = le === "+Inf" ? Infinity : Number(le);
      check(upper > bound && value >= count, "buckets that do not rise", `${name}${labels} ${le}`);
      check(!open || /[.e]|Inf/.test(le), "a bound that is not canonical", `${name} ${le}`);
      [bound, count] = [upper, value];
    }
    check(bound === Infinity && only("_count") === count, "a count unlike +Inf", name + labels);
    check(Number.isFinite(only("_sum")), "a sum that is no number", name + labels);
  }
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped);
}

function check(holds: boolean, what: string, where: string): asserts holds {
  if (!holds) throw new SyntaxError(`The exposition has ${what}: ${where}`);
}
