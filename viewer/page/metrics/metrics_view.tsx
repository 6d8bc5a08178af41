import type { VNode } from "preact";
import type { MetricInstrument, MetricList } from "../../api/model.ts";
import { apiUrl } from "../api/client.ts";
import { useLive, useLoad } from "../api/hooks.ts";
import { visibleText } from "../format/text.ts";
import { Empty, HowToSend } from "../parts/empty.tsx";
import { Failure } from "../parts/failure.tsx";
import { SearchField } from "../parts/search_field.tsx";
import { Text } from "../parts/text.tsx";
import { href } from "../state/address.ts";
import { navigate, replaceQuery, route } from "../state/route.ts";
import { ServiceName } from "../traces/trace_row.tsx";
import { InstrumentPanel } from "./instrument_panel.tsx";

/** The instruments, and one of them in charts. */
export function MetricsView(): VNode {
  const { id, query } = route.value;
  const q = query.get("q") ?? "";
  const { data, failure, reload } = useLoad<MetricList>(apiUrl(["metrics"]));
  useLive("metrics", reload, { everyMs: 3000 });
  const all = data?.instruments ?? [];
  const found = all.filter((one) => matches(one, q));
  const chosen = id ?? favourite(all)?.id;
  if (data !== undefined && all.length === 0) {
    return (
      <section class="view" aria-label="Metrics">
        <Empty icon="metrics" title="No metrics yet">
          <HowToSend />
        </Empty>
      </section>
    );
  }
  const hash = (instrument: string) =>
    href(["metrics", instrument], { q, span: query.get("span") ?? "" });
  return (
    <section class="view metrics" aria-label="Metrics">
      <nav class="instruments" aria-label="Instruments">
        <SearchField
          value={q}
          label="Search instruments"
          placeholder="Search instruments"
          onChange={(q) => replaceQuery({ q })}
        />
        <select
          class="field only-narrow"
          aria-label="Instrument"
          value={chosen}
          onChange={(event) => navigate(hash(event.currentTarget.value))}
        >
          {all.map((one) => (
            <option key={one.id} value={one.id}>
              {visibleText(`${one.name} (${one.service})`).slice(0, 100)}
            </option>
          ))}
        </select>
        <div class="instrument-list">
          {[...Map.groupBy(found, ({ service }) => service)].map(([service, instruments]) => (
            <section
              key={service}
              aria-label={`Instruments of ${visibleText(service).slice(0, 100)}`}
            >
              <h3>
                <ServiceName service={service} />
              </h3>
              <ul>
                {instruments.map((one) => (
                  <li key={one.id}>
                    <a
                      class="instrument"
                      data-row
                      href={hash(one.id)}
                      {...(one.id === chosen && { "aria-current": "true" })}
                      title={visibleText(one.description).slice(0, 500)}
                    >
                      <span class="clipped">
                        <Text value={one.name} />
                      </span>
                      <span class="muted">{KINDS[one.kind]}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {data !== undefined && found.length === 0 && <p class="muted">No instrument matches.</p>}
        </div>
      </nav>
      <div class="view scrolls">
        <Failure failure={failure} />
        {chosen !== undefined && <InstrumentPanel key={chosen} id={chosen} />}
      </div>
    </section>
  );
}

const KINDS: Readonly<Record<MetricInstrument["kind"], string>> = {
  counter: "counter",
  exponentialHistogram: "histogram",
  gauge: "gauge",
  histogram: "histogram",
  summary: "summary",
  upDownCounter: "up-down",
};

function matches({ name, service, description }: MetricInstrument, q: string): boolean {
  const text = `${name} ${service} ${description}`.toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** What is shown first: how long requests take, where there is such a thing. */
function favourite(all: readonly MetricInstrument[]): MetricInstrument | undefined {
  return all.find(({ name }) => name === "http.server.request.duration") ?? all[0];
}
