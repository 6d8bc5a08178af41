import type { LogContent } from "../otlp/records.ts";
import { type StoredLog, timeOf } from "../store/log_store.ts";
import type { Store } from "../store/store.ts";
import { valueText } from "./attribute_value.ts";
import { Clipper } from "./clip.ts";
import type { LogEntry, LogPage } from "./model.ts";
import { ApiProblem, type Query, SearchBudget } from "./query.ts";

/** `GET /api/logs`. */
export function listLogs(store: Store, query: Query): LogPage {
  const matches = logFilter(query);
  const limit = query.integer("limit", { least: 1, most: 1000, usual: 200 });
  const budget = new SearchBudget();
  const logs: LogEntry[] = [];
  for (const [number, log] of store.logs.backwards(query.cursor())) {
    const full = logs.length === limit;
    if (full || budget.spent) {
      return { logs, next: String(number + 1), total: store.logs.size, complete: full };
    }
    if (matches(log)) logs.push(renderLog(store, log, { clip: true }));
  }
  return { logs, total: store.logs.size, complete: true };
}

/**
 * `GET /api/logs/{id}`: one log, with nothing cut.
 *
 * @throws {ApiProblem} When it is not kept.
 */
export function oneLog(store: Store, id: string): LogEntry {
  const log = /^\d{1,15}$/.test(id) ? store.logs.get(Number(id)) : undefined;
  if (log === undefined) throw new ApiProblem(404, `Log "${id}" is not here, or made room`);
  return renderLog(store, log, { clip: false });
}

function logFilter(query: Query): (log: StoredLog) => boolean {
  const q = query.text("q")?.toLowerCase();
  const service = query.text("service");
  const severity = query.number("severity") ?? 0;
  const traceId = query.text("traceId")?.toLowerCase();
  const spanId = query.text("spanId")?.toLowerCase();
  const from = query.number("from") ?? Number.NEGATIVE_INFINITY;
  const to = query.number("to") ?? Number.POSITIVE_INFINITY;
  return (log) =>
    log.severityNumber >= severity &&
    (service === undefined || log.resource.service === service) &&
    (traceId === undefined || log.traceId === traceId) &&
    (spanId === undefined || log.spanId === spanId) &&
    timeOf(log) >= from && timeOf(log) <= to &&
    (q === undefined || hasText(log, q));
}

function hasText(log: StoredLog, q: string): boolean {
  // The content is JSON, where some characters of a text are escaped.
  const escaped = JSON.stringify(q).slice(1, -1);
  if (!log.content.toLowerCase().includes(escaped)) return false;
  const content: LogContent = JSON.parse(log.content);
  const has = (text: string) => text.toLowerCase().includes(q);
  return has(valueText(content.body)) || has(content.eventName ?? "") ||
    (content.attributes ?? []).some(({ key, value }) => has(key) || has(valueText(value)));
}

/** A log as the API shows it. */
export function renderLog(
  store: Store,
  log: StoredLog,
  { clip }: { readonly clip: boolean },
): LogEntry {
  const content: LogContent = JSON.parse(log.content);
  const { severityText, eventName, droppedAttributes, attributes = [] } = content;
  const clipper = new Clipper();
  const text = (value: string) => clip ? clipper.text(value) : value;
  const known = log.traceId !== "" && store.traces.get(log.traceId) !== undefined;
  const entry = {
    id: String(log.number),
    time: timeOf(log),
    severityNumber: log.severityNumber,
    ...(severityText !== undefined && { severityText: text(severityText) }),
    ...(eventName !== undefined && { eventName: text(eventName) }),
    body: clip ? clipper.value(content.body) : content.body,
    attributes: clip ? clipper.attributes(attributes) : attributes,
    ...(droppedAttributes !== undefined && { droppedAttributes }),
    service: log.resource.service,
    resourceId: log.resource.id,
    scope: log.scope.name,
    ...(log.traceId !== "" && { traceId: log.traceId, traceKnown: known }),
    ...(log.spanId !== "" && { spanId: log.spanId }),
  };
  return { ...entry, whole: clipper.whole };
}
