import type { Resource } from "@opentelemetry/resources";
import { redactedUrl, type SignalName } from "../config/endpoint.ts";
import type { ResolvedConfig, ResolvedOtlp } from "../config/resolved.ts";
import { checkClock } from "./clock_check.ts";
import { deliver, type Delivery } from "./delivery.ts";
import { diagnose } from "./diagnosis.ts";
import { type Finding, findings, ok, problem, skipped, type Verdict, warning } from "./finding.ts";
import { type Answer, MEDIA_TYPES, type NoAnswer, probe } from "./probe.ts";
import { withoutSecrets } from "../export/secrets.ts";

const ITEMS: Readonly<Record<SignalName, string>> = {
  traces: "span",
  metrics: "metric",
  logs: "log record",
};

/** What the checks of the signals need. */
export interface SignalCheckOptions {
  readonly config: ResolvedConfig;
  readonly resource: Resource;
  /** The longest that one step may take. */
  readonly limitMillis: number;
}

/** What came of one destination, and what its receiver's clock shows. */
interface Tried {
  readonly verdicts: readonly Verdict[];
  readonly clock?: { readonly host: string; readonly aheadMillis: number | undefined };
}

/** Tries every destination of every signal at once, and compares the clocks of their hosts. */
export async function checkSignals(options: SignalCheckOptions): Promise<Finding[]> {
  const signals: readonly SignalName[] = ["traces", "metrics", "logs"];
  const tried = await Promise.all(signals.map(async (signal) => {
    const { destinations } = options.config[signal];
    const all = await Promise.all(
      destinations.map((destination, index) => tryOne(signal, { ...destination, index }, options)),
    );
    return { signal, all };
  }));
  const clocks = new Map(
    tried.flatMap(({ all }) => all.flatMap(({ clock }) => clock ? [[clock.host, clock]] : [])),
  );
  return [
    ...tried.flatMap(({ signal, all }) =>
      all.length === 0
        ? findings(signal, skipped("No exporter is configured, or permitted."))
        : all.flatMap(({ verdicts }) => findings(signal, ...verdicts))
    ),
    ...Array.from(clocks.values())
      .flatMap(({ host, aheadMillis }) => findings("clock", checkClock(host, aheadMillis))),
  ];
}

interface Numbered {
  readonly exporter: string | object;
  readonly otlp: ResolvedOtlp;
  readonly index: number;
}

async function tryOne(
  signal: SignalName,
  { exporter, otlp, index }: Numbered,
  options: SignalCheckOptions,
): Promise<Tried> {
  if (exporter === "prometheus") return { verdicts: [checkListening(options.config)] };
  if (exporter !== "otlp") {
    const name = typeof exporter === "string" ? exporter : exporter.constructor.name;
    return { verdicts: [skipped(`The exporter ${name} sends nothing over OTLP/HTTP.`)] };
  }
  const { limitMillis } = options;
  const [delivery, answer] = await Promise.all([
    deliver({ signal, index, otlp }, options),
    probe(otlp, otlp.protocol, limitMillis),
  ]);
  const verdicts = delivery.accepted
    ? arrived(signal, otlp, { delivery, answer })
    : [await diagnose({ signal, otlp, reason: delivery.reason, answer }, limitMillis)];
  return {
    verdicts: verdicts.map((verdict) => ({
      ...verdict,
      message: withoutSecrets(verdict.message, otlp),
    })),
    ...(!("failure" in answer) &&
      { clock: { host: new URL(otlp.endpoint).host, aheadMillis: answer.clockAheadMillis } }),
  };
}

function arrived(
  signal: SignalName,
  otlp: ResolvedOtlp,
  { delivery, answer }: { readonly delivery: Delivery; readonly answer: Answer | NoAnswer },
): Verdict[] {
  const item = ITEMS[signal];
  const where = redactedUrl(otlp.endpoint);
  const { rejected } = delivery;
  if (rejected !== undefined && rejected.count > 0) {
    return [problem(
      `${where} took the export and refused the ${item}: ${rejected.message || "no reason given"}.`,
      "Look at the receiver's own log.",
    )];
  }
  const verdicts = [ok(`${where} took one ${item}.`)];
  if (rejected !== undefined) {
    verdicts.push(warning(`${where} took the ${item} and warns: ${rejected.message}.`));
  }
  if (!("failure" in answer) && isStrange(answer, otlp)) {
    verdicts.push(warning(
      `${where} answers with ${answer.type}, where an OTLP receiver answers with ${
        MEDIA_TYPES[otlp.protocol]
      }.`,
      "Look whether it is an OTLP receiver that answers there.",
    ));
  }
  return verdicts;
}

function isStrange({ status, type }: Answer, { protocol }: ResolvedOtlp): boolean {
  return status >= 200 && status < 300 && type !== "" && type !== MEDIA_TYPES[protocol];
}

/** Whether the port that a scraper comes to can be listened on. */
function checkListening({ metrics }: ResolvedConfig): Verdict {
  const { host, port } = metrics.prometheus;
  try {
    Deno.listen({ hostname: host, port }).close();
    return ok(`${host}:${port} is free for Prometheus to be served on.`);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      return warning(
        `Something listens at ${host}:${port} already.`,
        "That is well if it is this service, running; otherwise set OTEL_EXPORTER_PROMETHEUS_PORT.",
      );
    }
    return problem(
      `${host}:${port} cannot be listened on: ${error instanceof Error ? error.message : error}.`,
      "Correct OTEL_EXPORTER_PROMETHEUS_HOST and OTEL_EXPORTER_PROMETHEUS_PORT.",
    );
  }
}
