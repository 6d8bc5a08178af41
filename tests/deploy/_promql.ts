/** What a query in PromQL is about. */
export interface QueryNames {
  /** The metrics that it selects. */
  readonly metrics: readonly string[];
  /** The labels that it selects, groups or matches by. */
  readonly labels: readonly string[];
}

const KEYWORDS = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);
const TOKEN =
  /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|(?<list>\b(?:by|without|on|ignoring|group_left|group_right)\b\s*\([^)]*\))|(?<matchers>\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\})|\d+(?:\.\d+)?[a-z]*|(?<called>[a-zA-Z_:][\w:]*)\s*(?:\(|(?=\b(?:by|without)\b))|(?<name>[a-zA-Z_:][\w:]*)|\S/g;

/**
 * The names in a query. It need not be right: whether it is says Prometheus.
 *
 * @throws {Error} When the query selects no metric by its name.
 */
export function namesOf(query: string): QueryNames {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  for (const { groups } of query.matchAll(TOKEN)) {
    const { list, matchers, name } = groups ?? {};
    if (list !== undefined) {
      for (const [label] of list.slice(list.indexOf("(")).matchAll(/\w+/g)) labels.add(label);
    } else if (matchers !== undefined) {
      const bare = matchers.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
      for (const [, label = ""] of bare.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) labels.add(label);
    } else if (name !== undefined && !KEYWORDS.has(name.toLowerCase())) {
      metrics.add(name);
    }
  }
  if (metrics.size === 0) throw new Error(`No metric in ${query}`);
  return { metrics: [...metrics], labels: [...labels] };
}
