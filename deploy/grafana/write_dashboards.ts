/**
 * Writes the dashboards that Grafana reads. After a change of one:
 *
 * ```sh
 * deno task dashboards
 * ```
 *
 * @module
 */
import { DASHBOARDS } from "./all_dashboards.ts";
import { toGrafana } from "./to_grafana.ts";

for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
  const file = new URL(`./dashboards/${name}.json`, import.meta.url);
  await Deno.writeTextFile(file, `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`);
}
