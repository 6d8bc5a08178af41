/**
 * What a dashboard is made of, as far as these need it. to_grafana.ts makes Grafana's format of it.
 *
 * @module
 */

/** A query in PromQL. */
export interface PromQuery {
  readonly expr: string;
  /** What a series is called, `{{label}}` standing for the label's value. */
  readonly legend?: string;
  /** Marks traces on the graph; only the metrics made of spans have them. */
  readonly exemplars?: boolean;
  /** For a heatmap: the series are the buckets of one histogram. */
  readonly buckets?: boolean;
}

/** What a panel shows. */
export type PanelSource =
  | { readonly prometheus: readonly PromQuery[] }
  | { readonly traceql: string }
  | { readonly logql: string }
  | { readonly serviceGraph: true };

/** A panel, without its place. */
export type Panel = PanelSource & {
  readonly title: string;
  /** What it means, and what to do about it. */
  readonly description?: string;
  readonly type: "timeseries" | "stat" | "heatmap" | "table" | "logs" | "nodeGraph";
  /** A unit of Grafana's: `s`, `bytes`, `reqps`, `ops`, `percentunit`, `short`. */
  readonly unit?: string;
  /** From here on it is red. */
  readonly red?: number;
  /** On top of each other, where the sum means something. */
  readonly stacked?: boolean;
};

/** Panels side by side, of equal width. */
export interface Row {
  /** A headline above them. */
  readonly title?: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** What is chosen above the panels. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(…)`. */
  readonly query: string;
  /** The part of each value that is taken. */
  readonly regex?: string;
  /** Several can be chosen, or all; else one. */
  readonly several?: boolean;
  readonly hidden?: boolean;
}

/** A dashboard as it is written here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}
