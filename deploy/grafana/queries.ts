/**
 * The shapes that queries come in. Each is over the interval that Grafana chooses, which has four
 * exports of metrics in it.
 *
 * @module
 */

const WINDOW = "[$__rate_interval]";

/** How much a counter rises in a second: `sum by (labels) (rate(series))`. */
export function rate(series: string, by?: string): string {
  return `sum ${grouped(by)}(rate(${series}${WINDOW}))`;
}

/** What a share of a histogram's values is below. `metric` is its name without `_bucket`. */
export function quantile(share: number, metric: string, { where, by }: Selection): string {
  const labels = by === undefined ? "le" : `le, ${by}`;
  return `histogram_quantile(${share}, ${rate(`${metric}_bucket{${where}}`, labels)})`;
}

/** The mean of a histogram's values: right also beyond its last bucket. */
export function mean(metric: string, { where, by }: Selection): string {
  return `${rate(`${metric}_sum{${where}}`, by)} / ${rate(`${metric}_count{${where}}`, by)}`;
}

/** Which series, and what they are told apart by. */
export interface Selection {
  readonly where: string;
  readonly by?: string;
}

function grouped(by: string | undefined): string {
  return by === undefined ? "" : `by (${by}) `;
}
