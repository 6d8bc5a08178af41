import assert from "node:assert/strict";
import { type AttributeValue, ROOT_CONTEXT } from "@opentelemetry/api";
import type { LogRecord } from "../../../framework/mod.ts";
import { createLogger } from "../../../framework/mod.ts";
import {
  activeRedaction,
  Redaction,
  type RedactionOptions,
  withRedaction,
} from "../../../framework/telemetry/redaction.ts";
import { withSpan } from "../../../framework/telemetry/otel.ts";
import { request, testApp } from "../../_app.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

/** A redaction with what it had to say of itself. */
function redaction(options: RedactionOptions): { redaction: Redaction; told: string[] } {
  const told: string[] = [];
  return { redaction: new Redaction(options, (problem) => told.push(problem)), told };
}

Deno.test("query() takes further keys for secrets, and others for none, in any spelling", () => {
  const { redaction: own } = redaction({
    queryKeys: ["orderKey"],
    allowQueryKeys: ["code", "sig"],
  });
  assert.equal(
    own.query("order-key=1&x[order_key]=2&code=3&sig=4&token=5"),
    "order-key=REDACTED&x[order_key]=REDACTED&code=3&sig=4&token=REDACTED",
  );
  const { redaction: both } = redaction({ queryKeys: ["code"], allowQueryKeys: ["code"] });
  assert.equal(both.query("code=1"), "code=REDACTED");
});

Deno.test("addRequestHeaders() tells what is allowed, short and without secrets of URLs", () => {
  const { redaction: own, told } = redaction({
    allowRequestHeaders: ["X-Request-ID", "Referer", "x-long", "link", "absent"],
  });
  const attributes = {};
  own.addRequestHeaders(
    attributes,
    new Headers({
      "x-request-id": "r1",
      "referer": "/in?token=x",
      "x-long": "y".repeat(5_000),
      "link": "<https://a:b@shop.test/?sig=1>; rel=next",
      "accept": "text/html",
    }),
  );
  assert.deepEqual(attributes, {
    "http.request.header.x-request-id": ["r1"],
    "http.request.header.referer": ["/in?token=REDACTED"],
    "http.request.header.x-long": ["y".repeat(1_024)],
    "http.request.header.link": ["<https://REDACTED:REDACTED@shop.test/?sig=REDACTED>; rel=next"],
  });
  assert.deepEqual(told, []);
});

Deno.test("Redaction never tells a header that holds credentials, and says so once", () => {
  const { redaction: own, told } = redaction({
    allowRequestHeaders: ["Authorization", "COOKIE", "proxy-authorization", "cookie", "x-own"],
    allowResponseHeaders: ["set-cookie"],
  });
  const attributes = {};
  const headers = new Headers({ authorization: "Bearer x", cookie: "a=b", "set-cookie": "a=b" });
  own.addRequestHeaders(attributes, headers);
  own.addResponseHeaders(attributes, headers);
  assert.deepEqual(attributes, {});
  assert.deepEqual(told, [
    'Telemetry never tells the request header "authorization", "cookie", "proxy-authorization": ' +
    "it holds credentials",
    'Telemetry never tells the response header "set-cookie": it holds credentials',
  ]);
});

for (
  const { what, options, message } of [
    {
      what: "a header's name that is none",
      options: { allowRequestHeaders: ["a b"] },
      message: /"a b"/,
    },
    { what: "a list that is none", options: { queryKeys: "token" }, message: /"queryKeys"/ },
    { what: "a name that is none", options: { allowQueryKeys: [5] }, message: /"allowQueryKeys"/ },
    {
      what: "a hook that is none",
      options: { attribute: "x" },
      message: /"attribute" is a string/,
    },
  ]
) {
  Deno.test(`Redaction refuses ${what}`, () => {
    assert.throws(() => new Redaction(options as unknown as RedactionOptions), {
      name: "TypeError",
      message,
    });
  });
}

Deno.test("attributes() lets the application change, drop and keep each of them", () => {
  const { redaction: own } = redaction({
    attribute: (key, value) => key === "drop" ? undefined : key === "change" ? 7 : value,
  });
  assert.deepEqual(own.attributes({ drop: 1, change: 2, keep: ["a", null] }), {
    change: 7,
    keep: ["a", null],
  });
  const untouched = { a: 1 };
  assert.equal(redaction({}).redaction.attributes(untouched), untouched);
});

for (
  const [what, attribute] of [
    ["throws", () => {
      throw new RangeError("no");
    }],
    ["returns a promise", () => Promise.resolve("x") as unknown as AttributeValue],
    ["returns null", () => null as unknown as AttributeValue],
  ] as const
) {
  Deno.test(`attributes() leaves out what a hook ${what} for, and says so once`, () => {
    const { redaction: own, told } = redaction({ attribute });
    assert.deepEqual(own.attributes({ "url.path": "/", "url.query": "a" }), {});
    assert.equal(told.length, 1);
    assert.match(String(told[0]), /^Left "url.path" out of a span: the "attribute" hook /);
  });
}

Deno.test("exception() is what was thrown, where that holds no secret", () => {
  const { redaction: own } = redaction({});
  const thrown = new RangeError("no tea");
  assert.equal(own.exception(thrown), thrown);
  assert.equal(own.exception("no tea"), "no tea");
});

Deno.test("exception() keeps all of a copy but the secrets", () => {
  const { redaction: own } = redaction({});
  const thrown = Object.assign(new RangeError("no http://a:b@c/"), { code: "E_TEA" });
  const { code, name, message, stack } = own.exception(thrown) as typeof thrown;
  assert.deepEqual({ code, name, message }, {
    code: "E_TEA",
    name: "RangeError",
    message: "no http://REDACTED:REDACTED@c/",
  });
  assert.match(String(stack), /^RangeError: no http:\/\/REDACTED:REDACTED@c\/\n +at /);
  assert.equal(thrown.message, "no http://a:b@c/");
  assert.equal(own.exception("no http://a:b@c/"), "no http://REDACTED:REDACTED@c/");
});

Deno.test("exception() may be left out by the application", () => {
  const { redaction: own } = redaction({ attribute: () => undefined });
  const told = own.exception(new RangeError("secret"));
  assert.deepEqual(told, { name: "RangeError", message: "" });
  assert.equal(own.exception("secret"), "REDACTED");
});

Deno.test("activeRedaction() is that of the context, else the fallback", () => {
  const [one, other] = [new Redaction(), new Redaction()];
  assert.equal(activeRedaction(withRedaction(ROOT_CONTEXT, one), other), one);
  assert.equal(activeRedaction(ROOT_CONTEXT, other), other);
});

Deno.test("Application tells of its requests what its redaction lets through", async () => {
  using telemetry = inMemoryTelemetry();
  const records: LogRecord[] = [];
  const app = testApp({
    logger: createLogger({ sinks: [(record) => records.push(record)] }),
    redact: {
      queryKeys: ["order-key"],
      allowQueryKeys: ["code"],
      allowRequestHeaders: ["x-own", "authorization"],
      allowResponseHeaders: ["x-answer"],
      attribute: (key, value) =>
        key === "url.path" || key === "exception.stacktrace"
          ? String(value).replaceAll(/[a-f0-9]{8}/g, "*")
          : key === "user_agent.original"
          ? undefined
          : value,
    },
  });
  app.get("/in/:secret", (ctx) => {
    ctx.responseHeaders.set("x-answer", "yes");
    return withSpan("work", () => {
      throw new RangeError("no http://shop.test/?order-key=3");
    });
  });
  const headers = { "x-own": "1", authorization: "Bearer x", "user-agent": "test" };
  await app.handle(request("/in/deadbeef?order-key=1&code=2", { headers }));
  const spans = telemetry.spans();
  const server = spans.find(({ kind }) => kind === "SERVER");
  assert.deepEqual(server?.attributes, {
    "http.request.method": "GET",
    "http.route": "/in/:secret",
    "url.path": "/in/*",
    "url.scheme": "http",
    "url.query": "order-key=REDACTED&code=2",
    "server.address": "shop.test",
    "server.port": 80,
    "http.request.header.x-own": ["1"],
    "http.response.header.x-answer": ["yes"],
    "http.response.status_code": 500,
    "error.type": "RangeError",
  });
  for (const span of spans) {
    assert.equal(span.status.message, "no http://shop.test/?order-key=REDACTED", span.name);
    const [exception] = span.events;
    assert.equal(exception?.attributes["exception.message"], span.status.message);
    assert.doesNotMatch(String(exception?.attributes["exception.stacktrace"]), /order-key=3/);
  }
  const [warning, failure] = records;
  assert.match(String(warning?.message), /never tells the request header "authorization"/);
  assert.equal(failure?.fields.path, "/in/*");
});

Deno.test("Application serves requests whatever its hook does", async () => {
  using telemetry = inMemoryTelemetry();
  const app = testApp({
    redact: {
      attribute: () => {
        throw new Error("no");
      },
    },
  });
  app.get("/", () => "ok");
  assert.equal(await (await app.handle(request("/?a=1"))).text(), "ok");
  const server = telemetry.spans().find(({ kind }) => kind === "SERVER");
  assert.equal(server?.name, "GET /");
  assert.deepEqual(server?.attributes, {});
});
