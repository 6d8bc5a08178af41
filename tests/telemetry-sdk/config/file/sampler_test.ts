import assert from "node:assert/strict";
import { type Attributes, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import { type Sampler, SamplingDecision } from "@opentelemetry/sdk-trace-base";
import { readFile, versioned } from "./_file.ts";

/** What the file makes of a sampler. */
function sampling(sampler: string) {
  const { config, warnings } = readFile(versioned(
    `tracer_provider:\n  processors: [ simple: { exporter: { console: } } ]\n  sampler: ${sampler}\n`,
  ));
  assert.deepEqual(warnings, []);
  const { exporters: _, ...read } = config.traces ?? {};
  return read;
}

Deno.test("configFromFile() names the samplers of the standard", () => {
  const ratio = "trace_id_ratio_based: { ratio: 0.25 }";
  const usual =
    "remote_parent_sampled: { always_on: }, remote_parent_not_sampled: { always_off: }, " +
    "local_parent_sampled: { always_on: }, local_parent_not_sampled: { always_off: }";
  const rows: Readonly<Record<string, unknown>> = {
    "{ always_on: }": { sampler: "always_on" },
    "{ always_off: {} }": { sampler: "always_off" },
    "{ trace_id_ratio_based: }": { sampler: "traceidratio", samplerRatio: 1 },
    [`{ ${ratio} }`]: { sampler: "traceidratio", samplerRatio: 0.25 },
    "{ parent_based: }": { sampler: "parentbased_always_on" },
    "{ parent_based: { root: { always_off: } } }": { sampler: "parentbased_always_off" },
    [`{ parent_based: { root: { ${ratio} } } }`]: {
      sampler: "parentbased_traceidratio",
      samplerRatio: 0.25,
    },
    [`{ parent_based: { root: { always_on: }, ${usual} } }`]: { sampler: "parentbased_always_on" },
  };
  for (const [text, expected] of Object.entries(rows)) {
    assert.deepEqual(sampling(text), expected, text);
  }
  assert.deepEqual(
    readFile(versioned("tracer_provider: { processors: [ simple: { exporter: { console: } } ] }"))
      .config.traces?.sampler,
    undefined,
  );
});

function samplerOf(text: string): Sampler {
  const { sampler } = sampling(text);
  assert.ok(typeof sampler === "object" && "shouldSample" in sampler);
  return sampler;
}

interface Asked {
  readonly parent?: "remote" | "local";
  readonly sampled?: boolean;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly traceId?: string;
}

/** A trace id whose randomness is in the middle. */
const MIDDLE = "00000000000000000080000000000000";
const PARENT_SPAN = "00000000000000aa";

function decide(sampler: Sampler, asked: Asked = {}): SamplingDecision {
  const { parent, sampled = false, kind = SpanKind.INTERNAL, attributes = {} } = asked;
  const traceId = asked.traceId ?? MIDDLE;
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: PARENT_SPAN,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: parent === "remote",
  });
  return sampler.shouldSample(context, traceId, "span", kind, attributes, []).decision;
}

const { RECORD_AND_SAMPLED: KEPT, NOT_RECORD: DROPPED } = SamplingDecision;

Deno.test("configFromFile() makes a parent_based sampler with each of its parts", () => {
  const parts = {
    remote_parent_sampled: { parent: "remote", sampled: true },
    remote_parent_not_sampled: { parent: "remote", sampled: false },
    local_parent_sampled: { parent: "local", sampled: true },
    local_parent_not_sampled: { parent: "local", sampled: false },
  } as const;
  for (const [key, asked] of Object.entries(parts)) {
    const reversed = asked.sampled ? "always_off" : "always_on";
    const sampler = samplerOf(
      `{ parent_based: { root: { always_off: }, ${key}: { ${reversed}: } } }`,
    );
    for (const [other, otherAsked] of Object.entries(parts)) {
      const followed = otherAsked.sampled === (other !== key);
      assert.equal(decide(sampler, otherAsked), followed ? KEPT : DROPPED, `${key}: ${other}`);
    }
    assert.equal(decide(sampler), DROPPED);
  }
});

Deno.test("configFromFile() makes probability samplers that write their share", () => {
  const probability = samplerOf("{ probability/development: { ratio: 0.5 } }");
  assert.equal(String(probability), "ProbabilitySampler{0.5}");
  assert.equal(
    String(samplerOf("{ composite/development: { probability: { ratio: 0.25 } } }")),
    "ProbabilitySampler{0.25}",
  );
  assert.equal(
    String(samplerOf("{ composite/development: { always_on: } }")),
    "ProbabilitySampler{1}",
  );
  assert.equal(
    String(samplerOf("{ composite/development: { always_off: } }")),
    "ProbabilitySampler{0}",
  );
  const nested = samplerOf(
    "{ parent_based: { root: { probability/development: { ratio: 0.5 } } } }",
  );
  assert.match(String(nested), /ProbabilitySampler\{0\.5\}/);
});

Deno.test("configFromFile() makes rules, of which the first that holds decides for every span", () => {
  const sampler = samplerOf(`
    composite/development:
      rule_based:
        rules:
          - attribute_values: { key: http.route, values: [ /health, "/li*" ] }
            sampler: { always_off: }
          - attribute_patterns: { key: http.route, included: [ "/in?ernal/*" ], excluded: [ "*/secret" ] }
            sampler: { always_on: }
          - span_kinds: [ client, producer ]
            parent: [ local, none ]
            sampler: { probability: { ratio: 0.4 } }
          - attribute_values: { key: http.response.status_code, values: [ "404" ] }
            sampler: { always_on: }
          - parent: [ remote ]
            sampler: { parent_threshold: { root: { always_on: } } }
`);
  assert.equal(String(sampler), "RuleBasedSampler{5 rules}");
  const route = (path: string) => ({ attributes: { "http.route": path } });
  assert.equal(decide(sampler, route("/health")), DROPPED);
  assert.equal(decide(sampler, { parent: "local", sampled: true, ...route("/health") }), DROPPED);
  assert.equal(decide(sampler, route("/internal/a")), KEPT);
  assert.equal(decide(sampler, { parent: "local", ...route("/internal/a") }), KEPT);
  assert.equal(decide(sampler, route("/internal/secret")), DROPPED);
  assert.equal(decide(sampler, route("/live")), DROPPED, "a value is no pattern");

  const client = { kind: SpanKind.CLIENT };
  const high = "000000000000000000ffffffffffffff";
  assert.equal(decide(sampler, { ...client, traceId: high }), KEPT);
  assert.equal(decide(sampler, { ...client, parent: "local", sampled: true }), DROPPED);
  assert.equal(decide(sampler, { ...client, parent: "remote", sampled: true }), KEPT);

  assert.equal(decide(sampler, { attributes: { "http.response.status_code": 404 } }), KEPT);
  assert.equal(decide(sampler, { parent: "remote", sampled: true }), KEPT);
  assert.equal(decide(sampler, { parent: "remote", sampled: false }), DROPPED);
  assert.equal(decide(sampler), DROPPED, "where no rule holds nothing is kept");
});

Deno.test("configFromFile() makes parent_threshold ask its root where there is no parent", () => {
  const sampler = samplerOf(
    "{ composite/development: { parent_threshold: { root: { always_on: } } } }",
  );
  assert.equal(decide(sampler), KEPT);
  assert.equal(decide(sampler, { parent: "local", sampled: false }), DROPPED);
  assert.equal(decide(sampler, { parent: "remote", sampled: true }), KEPT);
});
