import assert from "node:assert/strict";
import { SpanKind } from "@opentelemetry/api";
import { ruleSampler, type RuleSamplerOptions } from "../../../telemetry-sdk/sampling/rules.ts";
import type { SpanMatch } from "../../../telemetry-sdk/sampling/span_match.ts";
import { createSampler } from "../../../telemetry-sdk/sampling/standard.ts";
import {
  ask,
  type Asked,
  below,
  NOT_RECORD,
  RECORD_AND_SAMPLED,
  stateAfter,
  traceIds,
} from "./_sampling.ts";

const REQUEST: Asked = {
  name: "GET /orders/:id",
  kind: SpanKind.SERVER,
  attributes: {
    "http.request.method": "GET",
    "http.route": "/orders/:id",
    "server.port": 8000,
    "user_agent.original": "curl/8",
    "shop.tags": ["gold", "trial"],
    "shop.staff": true,
  },
};

function matches(match: SpanMatch, asked: Asked = REQUEST): boolean {
  const sampler = ruleSampler({ rules: [{ match, keep: true }], otherwise: { drop: true } });
  return ask(sampler, asked).decision === RECORD_AND_SAMPLED;
}

Deno.test("ruleSampler() matches by each of a span's sides", () => {
  const table: [match: SpanMatch, matched: boolean][] = [
    [{}, true],
    [{ route: "/orders/:id" }, true],
    [{ route: "/orders" }, false],
    [{ route: "/orders/*" }, true],
    [{ route: "*" }, true],
    [{ route: /^\/orders/ }, true],
    [{ route: ["/health", "/orders/:id"] }, true],
    [{ route: ["/health", /metrics/] }, false],
    [{ method: "GET" }, true],
    [{ method: "get" }, false],
    [{ method: ["PUT", "POST"] }, false],
    [{ spanName: "GET *" }, true],
    [{ spanName: "* /orders/*" }, true],
    [{ spanName: "GET" }, false],
    [{ kind: "server" }, true],
    [{ kind: ["client", "server"] }, true],
    [{ kind: "client" }, false],
    [{ attributes: { "user_agent.original": "curl/*" } }, true],
    [{ attributes: { "user_agent.original": ["wget*", /^curl/] } }, true],
    [{ attributes: { "server.port": 8000 } }, true],
    [{ attributes: { "server.port": "8000" } }, true],
    [{ attributes: { "server.port": 80 } }, false],
    [{ attributes: { "server.port": [80, 8000] } }, true],
    [{ attributes: { "shop.staff": true } }, true],
    [{ attributes: { "shop.staff": false } }, false],
    [{ attributes: { "shop.tags": "gold" } }, true],
    [{ attributes: { "shop.tags": "silver" } }, false],
    [{ attributes: { "shop.missing": "*" } }, false],
    [{ parent: "none" }, true],
    [{ parent: "remote" }, false],
    [{ route: "/orders/*", method: "GET", kind: "server", parent: "none" }, true],
    [{ route: "/orders/*", method: "POST" }, false],
  ];
  for (const [match, matched] of table) assert.equal(matches(match), matched, Deno.inspect(match));
});

Deno.test("ruleSampler() matches by where the parent is", () => {
  const context = below();
  assert.ok(matches({ parent: "remote" }, { context }));
  assert.ok(matches({}, { context }));
  assert.ok(!matches({ parent: "none" }, { context }));
});

Deno.test("ruleSampler() is not deceived by wildcards that overlap, nor slowed by hostile texts", () => {
  const table: [pattern: string, text: string, matched: boolean][] = [
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["a*b*a", "aba", true],
    ["*a*a*", "a", false],
    ["a*bc*c", "abc", false],
    ["a**b", "ab", true],
    ["*", "", true],
    [`${"*a".repeat(50)}*b`, "a".repeat(100_000), false],
    [`${"*a".repeat(50)}*b*`, "a".repeat(100_000), false],
  ];
  for (const [spanName, name, matched] of table) {
    assert.equal(matches({ spanName }, { name }), matched, `${spanName} ${name.slice(0, 9)}`);
  }
});

Deno.test("ruleSampler() matches the same each time where an expression has a memory", () => {
  const sampler = ruleSampler({
    rules: [{ match: { spanName: /orders/g }, keep: true }],
    otherwise: { drop: true },
  });
  for (let time = 0; time < 4; time++) {
    assert.equal(ask(sampler, REQUEST).decision, RECORD_AND_SAMPLED);
  }
});

Deno.test("ruleSampler() has the first rule that matches decide", () => {
  const sampler = ruleSampler({
    rules: [
      { match: { route: "/health" }, drop: true },
      { match: { route: "/checkout" }, keep: true },
      { match: { route: "/c*" }, drop: true },
      { match: { route: "/half" }, ratio: 0.5 },
      { match: { route: "/slow" }, ratePerSecond: 1 },
      { match: { route: "/own" }, sampler: createSampler("always_on") },
    ],
    otherwise: { ratio: 0 },
  });
  const sampled = (route: string) =>
    traceIds(1000).filter((traceId) =>
      ask(sampler, { traceId, attributes: { "http.route": route } }).decision ===
        RECORD_AND_SAMPLED
    ).length;
  assert.equal(sampled("/health"), 0);
  assert.equal(sampled("/checkout"), 1000);
  assert.equal(sampled("/cart"), 0);
  assert.ok(Math.abs(sampled("/half") - 500) < 80);
  assert.ok(sampled("/slow") >= 1 && sampled("/slow") < 100);
  assert.equal(sampled("/own"), 1000);
  assert.equal(sampled("/else"), 0);
});

Deno.test("ruleSampler() says in th how likely a span was", () => {
  const sampler = ruleSampler({
    rules: [
      { match: { route: "/keep" }, keep: true },
      { match: { route: "/half" }, ratio: 0.5 },
      { match: { route: "/drop" }, drop: true },
    ],
    otherwise: { ratePerSecond: 5 },
  });
  const context = below({ traceId: "ffffffffffffffffffffffffffffffff", tracestate: "ot=th:e,a=1" });
  const state = (route: string) =>
    stateAfter(ask(sampler, { context, attributes: { "http.route": route } }), context);
  assert.equal(state("/keep"), "ot=th:0,a=1");
  assert.equal(state("/half"), "ot=th:8,a=1");
  assert.equal(state("/drop"), "a=1");
  assert.equal(state("/rate"), "a=1");
});

Deno.test("ruleSampler() has spans inside the process follow, but for rules that look inside", () => {
  const sampler = ruleSampler({
    rules: [
      { match: {}, drop: true },
      { match: { parent: "local", spanName: "cache.set" }, keep: true },
      { match: { parent: "local", spanName: "cache.*" }, drop: true },
    ],
    otherwise: { drop: true },
  });
  const inside = (name: string, sampled: boolean) =>
    ask(sampler, { name, context: below({ remote: false, sampled }) }).decision;
  assert.equal(inside("kv.get", true), RECORD_AND_SAMPLED);
  assert.equal(inside("cache.get", true), NOT_RECORD);
  assert.equal(inside("cache.set", true), RECORD_AND_SAMPLED);
  for (const name of ["kv.get", "cache.get", "cache.set"]) {
    assert.equal(inside(name, false), NOT_RECORD, name);
  }
});

Deno.test("ruleSampler() says which rule cannot work, and where in it", () => {
  const keep = { keep: true };
  const table: [options: unknown, message: string][] = [
    [{}, 'Bad "rules" "undefined": expected a list of rules'],
    [{ rules: [] }, 'Bad "otherwise" "undefined": expected an object'],
    [
      { rules: [], otherwise: {} },
      'Bad "otherwise": expected one of sampler, ratio, ratePerSecond, keep, drop, got none',
    ],
    [
      { rules: [], otherwise: keep, defaults: keep },
      'Unknown key "ruleSampler.defaults": expected one of rules, otherwise',
    ],
    [
      { rules: [{ match: {}, ...keep }, { match: {}, ratio: 2 }], otherwise: keep },
      'Bad "rules[1].ratio" "2": expected a number from 0 to 1',
    ],
    [
      { rules: [{ match: {}, ratio: 0.5, drop: true }], otherwise: keep },
      'Bad "rules[0]": expected one of sampler, ratio, ratePerSecond, keep, drop, got ratio and drop',
    ],
    [
      { rules: [{ match: {}, keep: false }], otherwise: keep },
      'Bad "rules[0].keep": expected true',
    ],
    [{ rules: [keep], otherwise: keep }, 'Bad "rules[0].match" "undefined": expected an object'],
    [
      { rules: [{ match: { rout: "/" }, ...keep }], otherwise: keep },
      'Unknown key "rules[0].match.rout": expected one of route, method, spanName, kind, ' +
      "attributes, parent",
    ],
    [
      { rules: [{ match: { route: 7 }, ...keep }], otherwise: keep },
      'Bad "rules[0].match.route" "7": expected a text, a RegExp, or a list of them',
    ],
    [
      { rules: [{ match: { method: [] }, ...keep }], otherwise: keep },
      'Bad "rules[0].match.method": expected at least one pattern',
    ],
    [
      { rules: [{ match: { kind: "SERVER" }, ...keep }], otherwise: keep },
      'Bad "rules[0].match.kind" "SERVER": expected one of internal, server, client, producer, consumer',
    ],
    [
      { rules: [{ match: { parent: "any" }, ...keep }], otherwise: keep },
      'Bad "rules[0].match.parent" "any": expected one of none, local, remote',
    ],
    [
      { rules: [{ match: { attributes: { a: [1, null] } }, ...keep }], otherwise: keep },
      'Bad "rules[0].match.attributes["a"][1]" "null": expected a text, a RegExp, or a list of them',
    ],
    [
      { rules: [{ match: { parent: "local" }, ratio: 0.5 }], otherwise: keep },
      'Bad "rules[0]": a rule with parent "local" can only say drop or keep',
    ],
    [
      { rules: [{ match: {}, sampler: "always_on" }], otherwise: keep },
      'Bad "rules[0].sampler" "always_on": expected a sampler, an object with "shouldSample"',
    ],
    [
      { rules: [{ match: {}, ratePerSecond: -1 }], otherwise: keep },
      'Bad "rules[0].ratePerSecond" "-1": expected a finite number from 0',
    ],
  ];
  for (const [options, message] of table) {
    assert.throws(() => ruleSampler(options as RuleSamplerOptions), { message });
  }
});
