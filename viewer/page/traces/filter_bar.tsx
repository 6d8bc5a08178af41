import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Facets } from "../../api/model.ts";
import { visibleText } from "../format/text.ts";
import { formatClock } from "../format/time.ts";
import { Icon } from "../parts/icons.tsx";
import { SearchField } from "../parts/search_field.tsx";
import { replaceQuery } from "../state/route.ts";
import { isFiltered, NO_FILTERS, readDuration, type TraceFilters } from "./filters.ts";

/** The filters of the list of traces. All of them stand in the address. */
export function FilterBar(
  { filters, facets }: { filters: TraceFilters; facets: Facets | undefined },
): VNode {
  return (
    <search class="filters">
      <SearchField
        value={filters.q}
        label="Search traces"
        placeholder="Search name, route, service or trace id"
        onChange={(q) => replaceQuery({ q })}
      />
      <Choice
        label="Service"
        all="All services"
        value={filters.service}
        options={facets?.services.map(({ value }) => value) ?? []}
        onChange={(service) => replaceQuery({ service })}
      />
      <Choice
        label="Route"
        all="All routes"
        value={filters.route}
        options={facets?.routes.map(({ value }) => value) ?? []}
        onChange={(route) => replaceQuery({ route })}
      />
      <Choice
        label="Status"
        all="Any status"
        value={filters.status}
        options={["ok", "error", "2xx", "3xx", "4xx", "5xx"]}
        onChange={(status) => replaceQuery({ status })}
      />
      <MinDuration value={filters.minDurationMs} />
      <AttributeField filters={filters} />
      <Chips filters={filters} />
    </search>
  );
}

function Choice(
  { label, all, value, options, onChange }: {
    label: string;
    all: string;
    value: string;
    options: readonly string[];
    onChange: (value: string) => void;
  },
): VNode {
  // A filter from a link may name what is not there, or not there yet.
  const shown = value === "" || options.includes(value) ? options : [value, ...options];
  return (
    <select
      class="field choice"
      aria-label={label}
      value={value}
      data-set={value !== ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {shown.map((option) => (
        <option key={option} value={option}>{visibleText(option).slice(0, 100)}</option>
      ))}
    </select>
  );
}

function MinDuration({ value }: { value: string }): VNode {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped((old) => readDuration(old) === value ? old : value), [value]);
  const read = readDuration(typed);
  return (
    <input
      class="field duration"
      aria-label="Minimum duration"
      aria-invalid={read === undefined}
      title="Such as 250, 250 ms or 1.5 s"
      placeholder="≥ duration"
      value={typed}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        const minDurationMs = readDuration(event.currentTarget.value);
        if (minDurationMs !== undefined) replaceQuery({ minDurationMs });
      }}
    />
  );
}

function AttributeField({ filters }: { filters: TraceFilters }): VNode {
  const [typed, setTyped] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const attr = typed.trim().replace(/^([^:=\s]+)\s*=\s*/, "$1:");
        if (attr !== "") replaceQuery({ attr: [...new Set([...filters.attr, attr])] });
        setTyped("");
      }}
    >
      <input
        class="field attribute"
        aria-label="Attribute, as key=value; Enter adds it"
        placeholder="attribute=value ⏎"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}

function Chips({ filters }: { filters: TraceFilters }): VNode | null {
  if (!isFiltered(filters)) return null;
  const { attr, from, to } = filters;
  return (
    <div class="chips">
      {attr.map((one) => (
        <Chip
          key={one}
          text={one.replace(":", " = ")}
          onRemove={() => replaceQuery({ attr: attr.filter((other) => other !== one) })}
        />
      ))}
      {(from !== "" || to !== "") && (
        <Chip
          text={`${from === "" ? "…" : formatClock(Number(from))} – ${
            to === "" ? "…" : formatClock(Number(to))
          }`}
          onRemove={() => replaceQuery({ from: "", to: "" })}
        />
      )}
      <button
        type="button"
        class="button quiet small"
        onClick={() => replaceQuery(NO_FILTERS)}
      >
        Clear filters
      </button>
    </div>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }): VNode {
  const shown = visibleText(text);
  return (
    <span class="chip">
      <bdi class="clipped">{shown}</bdi>
      <button type="button" aria-label={`Remove the filter ${shown}`} onClick={onRemove}>
        <Icon name="close" size={11} />
      </button>
    </span>
  );
}
