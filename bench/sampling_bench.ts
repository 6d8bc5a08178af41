/**
 * What a sampling decision costs, and what a whole span costs under it: each sampler beside
 * `always_on` in the same run.
 */
import { type Context, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { forceSampler } from "../telemetry-sdk/sampling/force.ts";
import { guardedSampler } from "../telemetry-sdk/sampling/guarded.ts";
import { keepWhatMatters } from "../telemetry-sdk/sampling/keep_what_matters.ts";
import { parentSampler } from "../telemetry-sdk/sampling/parent.ts";
import { probabilitySampler } from "../telemetry-sdk/sampling/probability.ts";
import { rateLimitingSampler } from "../telemetry-sdk/sampling/rate_limiting.ts";
import { ruleSampler } from "../telemetry-sdk/sampling/rules.ts";
import { createSampler } from "../telemetry-sdk/sampling/standard.ts";
import { SwitchableSampler } from "../telemetry-sdk/sampling/switchable.ts";

const IDS = Array.from(
  { length: 1024 },
  () =>
    crypto.getRandomValues(new Uint8Array(16)).reduce(
      (text, byte) => text + byte.toString(16).padStart(2, "0"),
      "",
    ),
);
const ATTRIBUTES = {
  "http.request.method": "GET",
  "http.route": "/orders/:id",
  "url.path": "/orders/7",
  "url.scheme": "http",
  "server.address": "localhost",
  "server.port": 8000,
};

const rules = ruleSampler({
  rules: [
    { match: { route: ["/health", "/metrics"] }, drop: true },
    { match: { route: "/checkout/*", method: "POST" }, keep: true },
    { match: { kind: "consumer", spanName: "job.*" }, ratio: 0.5 },
    { match: { attributes: { "url.path": /\.(png|css)$/ } }, drop: true },
  ],
  otherwise: { ratio: 0.1 },
});

const samplers: Readonly<Record<string, Sampler>> = {
  always_on: new AlwaysOnSampler(),
  "traceidratio, 10 %": createSampler("traceidratio", 0.1),
  "parentbased_traceidratio, 10 %": createSampler("parentbased_traceidratio", 0.1),
  "probability, 10 %": probabilitySampler(0.1),
  "rate limit": rateLimitingSampler({ tracesPerSecond: 100 }),
  "four rules": rules,
  "parent, probability": parentSampler({ root: probabilitySampler(0.1) }),
  "guarded always_on": guardedSampler(new AlwaysOnSampler()),
  "switchable always_on": new SwitchableSampler(new AlwaysOnSampler()),
  "force, nothing forced, always_on": forceSampler(new AlwaysOnSampler()),
  "keep what matters": keepWhatMatters({ baseRatio: 0.1 }).sampler,
};

const PARENT: Context = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: "0123456789abcdef0123456789abcdef",
  spanId: "0123456789abcdef",
  traceFlags: TraceFlags.SAMPLED,
});

let next = 0;
for (const [where, context] of [["a root", ROOT_CONTEXT], ["a child", PARENT]] as const) {
  for (const [name, sampler] of Object.entries(samplers)) {
    Deno.bench(
      `${where}: ${name}`,
      { group: `decision on ${where}`, baseline: name === "always_on" },
      () => {
        next = (next + 1) % IDS.length;
        const id = IDS[next] ?? "";
        sampler.shouldSample(context, id, "GET /orders/:id", SpanKind.SERVER, ATTRIBUTES, []);
      },
    );
  }
}

const sink: SpanProcessor = {
  onStart() {},
  onEnd() {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** Makes requests of one SERVER span and four below it. */
function requests(sampler: Sampler, processor: SpanProcessor): () => void {
  const tracer = new BasicTracerProvider({ sampler, spanProcessors: [processor] })
    .getTracer("bench");
  return () => {
    const attributes = { ...ATTRIBUTES };
    const root = tracer.startSpan("GET /orders/:id", { kind: SpanKind.SERVER, attributes });
    const context = trace.setSpan(ROOT_CONTEXT, root);
    for (let child = 0; child < 4; child++) {
      tracer.startSpan("kv.get", { attributes: { "db.system.name": "deno.kv" } }, context).end();
    }
    root.setAttribute("http.response.status_code", 200);
    root.end();
  };
}

const group = "a request of five spans";
const tail = keepWhatMatters({ baseRatio: 0.01, slowerThan: 1000 });
const all = keepWhatMatters({ baseRatio: 1, slowerThan: 1000 });
const always = requests(new AlwaysOnSampler(), sink);
const one = requests(parentSampler({ root: probabilitySampler(0.01) }), sink);
const matters = requests(tail.sampler, tail.processor(sink));
const everything = requests(all.sampler, all.processor(sink));
Deno.bench("request: always_on", { group, baseline: true }, always);
Deno.bench("request: parent, probability, 1 %", { group }, one);
Deno.bench("request: keep what matters, 1 %", { group }, matters);
Deno.bench("request: keep what matters, 100 %", { group }, everything);
