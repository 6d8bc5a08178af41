import { parse } from "yaml";
import { DASHBOARDS } from "../../deploy/grafana/all_dashboards.ts";

/** A query in PromQL, and where it stands. */
export interface DeployedQuery {
  /** Such as `dashboard "Jobs", panel "Waiting"`. */
  readonly where: string;
  /** As it stands there, with Grafana's variables. */
  readonly query: string;
}

/** A rule of alerts.yaml. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const root = new URL("../../", import.meta.url);

/** The text of a file of the repository, by its path from there. */
export function readRepositoryFile(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}

/** A YAML file of the repository. Its shape is the caller's to know. */
export async function readYaml<T>(path: string): Promise<T> {
  return parse(await readRepositoryFile(path), { merge: true });
}

/** Every query of the dashboards. */
export function dashboardQueries(): DeployedQuery[] {
  return Object.values(DASHBOARDS).flatMap(({ title, rows }) =>
    rows.flatMap(({ panels }) => panels).flatMap((panel) =>
      "prometheus" in panel
        ? panel.prometheus.map(({ expr }) => ({
          where: `dashboard "${title}", panel "${panel.title}"`,
          query: expr,
        }))
        : []
    )
  );
}

/** What the variables above the dashboards are chosen from, without `label_values`. */
export function variableQueries(): (DeployedQuery & { readonly label: string })[] {
  return Object.values(DASHBOARDS).flatMap(({ title, variables }) =>
    variables.map(({ name, query }) => {
      const match = /^label_values\((.+), (\w+)\)$/.exec(query);
      const [, series = "", label = ""] = match ?? [];
      return { where: `dashboard "${title}", variable "${name}"`, query: series, label };
    })
  );
}

/** Every rule of alerts.yaml. */
export async function alertRules(): Promise<AlertRule[]> {
  const { groups } = await readYaml<{ groups: { rules: AlertRule[] }[] }>(
    "deploy/prometheus/alerts.yaml",
  );
  return groups.flatMap(({ rules }) => rules);
}

/** The queries by which Grafana leads from a span to metrics. */
export async function traceQueries(): Promise<DeployedQuery[]> {
  interface Source {
    readonly jsonData: {
      readonly tracesToMetrics?: {
        readonly queries: readonly { readonly name: string; readonly query: string }[];
      };
    };
  }
  const { datasources } = await readYaml<{ datasources: Source[] }>(
    "deploy/grafana/datasources.yaml",
  );
  return datasources.flatMap(({ jsonData }) => jsonData.tracesToMetrics?.queries ?? [])
    .map(({ name, query }) => ({
      where: `datasources.yaml, "${name}"`,
      query: query.replaceAll("$$", "$"),
    }));
}

/**
 * A query as Grafana sends it once its variables are chosen.
 *
 * @param query With variables.
 * @param service The service that is chosen; all of its routes and processes are.
 */
export function filledIn(query: string, service: string): string {
  return query
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$__tags", `service_name="${service}"`)
    .replaceAll("$service", service)
    .replaceAll(/\$(?:route|instance)\b/g, ".*");
}
