import assert from "node:assert/strict";
import { type ReceivedSpan, spanTree } from "./_otlp_receiver.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";

function span(
  name: string,
  spanId: string,
  fields: Partial<ReceivedSpan> = {},
): ReceivedSpan {
  return {
    traceId,
    spanId,
    parentSpanId: undefined,
    traceState: "",
    flags: 1,
    name,
    kind: "INTERNAL",
    startTime: 1n,
    endTime: 2n,
    attributes: {},
    events: [],
    links: [],
    status: { code: "UNSET", message: "" },
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    scope: { name: "", version: "", schemaUrl: "", attributes: {} },
    resource: {},
    ...fields,
  };
}

Deno.test("spanTree() nests children in the order in which they started", () => {
  const tree = spanTree([
    span("late", "c", { parentSpanId: "a", startTime: 9n, endTime: 9n }),
    span("early", "b", { parentSpanId: "a", startTime: 3n, endTime: 8n }),
    span("root", "a", { kind: "SERVER", attributes: { "http.route": "/" } }),
    span("inner", "d", { parentSpanId: "b", startTime: 4n }),
  ]);
  assert.deepEqual(tree, [{
    name: "root",
    kind: "SERVER",
    attributes: { "http.route": "/" },
    children: [
      {
        name: "early",
        kind: "INTERNAL",
        attributes: {},
        children: [
          { name: "inner", kind: "INTERNAL", attributes: {}, children: [] },
        ],
      },
      { name: "late", kind: "INTERNAL", attributes: {}, children: [] },
    ],
  }]);
});

Deno.test("spanTree() leaves siblings that started in one moment in the order of their arrival", () => {
  const siblings = [
    span("x", "b", { parentSpanId: "a" }),
    span("y", "c", { parentSpanId: "a" }),
    span("z", "d", { parentSpanId: "a", endTime: 1n }),
  ];
  const order = (spans: ReceivedSpan[]) =>
    spanTree([span("root", "a"), ...spans])[0]?.children.map(({ name }) => name);
  assert.deepEqual(order(siblings), ["x", "y", "z"]);
  assert.deepEqual(order(siblings.toReversed()), ["z", "y", "x"]);
});

Deno.test("spanTree() shows status, events and links when a span has them", () => {
  const link = { traceState: "", flags: 1, attributes: {}, droppedAttributes: 0 };
  const [, process] = spanTree([
    span("job.enqueue", "a"),
    span("job.process", "b", {
      startTime: 5n,
      status: { code: "ERROR", message: "no" },
      events: [{ name: "exception", time: 6n, attributes: {}, droppedAttributes: 0 }],
      links: [
        { traceId, spanId: "a", ...link },
        { traceId, spanId: "elsewhere", ...link },
      ],
    }),
  ]);
  assert.deepEqual(process, {
    name: "job.process",
    kind: "INTERNAL",
    attributes: {},
    status: "ERROR",
    events: ["exception"],
    links: ["job.enqueue", "?"],
    children: [],
  });
});

Deno.test("spanTree() takes a span with a remote parent as a root", () => {
  const [tree, ...others] = spanTree([span("served", "a", { parentSpanId: "remote" })]);
  assert.equal(tree?.name, "served");
  assert.deepEqual(others, []);
});

Deno.test("spanTree() throws when a span came twice or parents run in a circle", () => {
  assert.throws(() => spanTree([span("a", "1"), span("a", "1")]), /there twice/);
  assert.throws(
    () => spanTree([span("a", "1", { parentSpanId: "2" }), span("b", "2", { parentSpanId: "1" })]),
    /The parents of 2 spans run in a circle/,
  );
});
