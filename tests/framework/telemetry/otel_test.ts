import assert from "node:assert/strict";
import {
  getActiveSpan,
  isOTELEnabled,
  recordSpanException,
  setRouteAttribute,
  setSpanAttributes,
  withSpan,
} from "../../../framework/telemetry/otel.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";

Deno.test("isOTELEnabled() follows what is registered", () => {
  assert.equal(isOTELEnabled(), false);
  {
    using _telemetry = inMemoryTelemetry();
    assert.equal(isOTELEnabled(), true);
  }
  assert.equal(isOTELEnabled(), false);
});

Deno.test("withSpan() nests spans across awaits and ends them with their promise", async () => {
  using telemetry = inMemoryTelemetry();
  const result = await withSpan("outer", async () => {
    await Promise.resolve();
    setSpanAttributes({ "app.step": 1 });
    return withSpan("inner", { attributes: { "app.deep": true } }, (span) => {
      assert.equal(getActiveSpan(), span);
      return 7;
    });
  });
  assert.equal(result, 7);
  assert.deepEqual(telemetry.spanTree(), [{
    name: "outer",
    kind: "INTERNAL",
    attributes: { "app.step": 1 },
    children: [{
      name: "inner",
      kind: "INTERNAL",
      attributes: { "app.deep": true },
      children: [],
    }],
  }]);
});

class OutOfStock extends Error {}

for (
  const { what, thrown, type } of [
    { what: "an Error", thrown: new TypeError("no"), type: "TypeError" },
    {
      what: "a subclass that names itself by its class",
      thrown: new OutOfStock("no"),
      type: "OutOfStock",
    },
    { what: "a non-Error", thrown: "no", type: "_OTHER" },
    { what: "undefined", thrown: undefined, type: "_OTHER" },
  ]
) {
  for (const mode of ["throws", "rejects with"]) {
    Deno.test(`withSpan() passes on what fn ${mode} unchanged: ${what}`, async () => {
      using telemetry = inMemoryTelemetry();
      const run = () =>
        withSpan("work", () => {
          if (mode === "rejects with") return Promise.reject(thrown);
          throw thrown;
        });
      let caught: unknown = "nothing";
      try {
        await run();
      } catch (error) {
        caught = error;
      }
      assert.equal(caught, thrown);
      const [span] = telemetry.spans();
      assert.equal(span?.status.code, "ERROR");
      assert.equal(span?.attributes["error.type"], type);
      assert.deepEqual(span?.events.map((event) => event.name), ["exception"]);
    });
  }
}

Deno.test("withSpan() calls fn plainly when no SDK is registered", () => {
  const thrown = new Error("no");
  assert.equal(withSpan("work", (span) => span.isRecording()), false);
  assert.throws(() =>
    withSpan("work", () => {
      throw thrown;
    }), thrown);
});

Deno.test("setRouteAttribute() names the active span by its route", () => {
  using telemetry = inMemoryTelemetry();
  withSpan("GET", () => setRouteAttribute("/orders/:id", "GET"));
  const [span] = telemetry.spans();
  assert.equal(span?.name, "GET /orders/:id");
  assert.equal(span?.attributes["http.route"], "/orders/:id");
});

Deno.test("recordSpanException() outside a span does nothing", () => {
  using _telemetry = inMemoryTelemetry();
  recordSpanException(new Error("no"));
});

Deno.test("withSpan() passes on what cannot even be shown, and ends its span", () => {
  using telemetry = inMemoryTelemetry();
  const thrown = Object.create(null);
  let caught: unknown;
  try {
    withSpan("work", () => {
      throw thrown;
    });
  } catch (error) {
    caught = error;
  }
  assert.equal(caught, thrown);
  assert.equal(telemetry.spans()[0]?.status.code, "ERROR");
});

/** What is awaited like a promise and is none: a query that runs when it is asked for its rows. */
class Query {
  runs = 0;
  readonly #run: () => unknown;

  constructor(run: () => unknown) {
    this.#run = run;
  }

  then<Result, Failure>(
    resolve: (value: unknown) => Result,
    reject: (error: unknown) => Failure,
  ): Promise<Result | Failure> {
    this.runs += 1;
    return Promise.resolve().then(this.#run).then(resolve, reject);
  }
}

Deno.test("withSpan() follows what is awaited like a promise, inside the span, and once", async () => {
  using telemetry = inMemoryTelemetry();
  const query = new Query(() => withSpan("rows", () => [1, 2]));
  const rows = withSpan("query", () => query);
  assert.deepEqual(telemetry.spans(), []);
  assert.deepEqual(await rows, [1, 2]);
  assert.equal(query.runs, 1);
  assert.deepEqual(telemetry.spanTree().map(({ name, children }) => [name, children[0]?.name]), [
    ["query", "rows"],
  ]);
});

Deno.test("withSpan() records the failure of what is awaited like a promise", async () => {
  using telemetry = inMemoryTelemetry();
  const thrown = new RangeError("no rows");
  const query = new Query(() => Promise.reject(thrown));
  const caught = await Promise.resolve(withSpan("query", () => query)).catch((error) => error);
  assert.equal(caught, thrown);
  const [span] = telemetry.spans();
  assert.equal(span?.status.code, "ERROR");
  assert.equal(span?.attributes["error.type"], "RangeError");
});

Deno.test("recordSpanException() tells no secret of a URL", () => {
  using telemetry = inMemoryTelemetry();
  withSpan("work", () => recordSpanException(new Error("no http://a:b@c/?token=d")));
  const [span] = telemetry.spans();
  const told = "no http://REDACTED:REDACTED@c/?token=REDACTED";
  assert.equal(span?.status.message, told);
  assert.equal(span?.events[0]?.attributes["exception.message"], told);
  assert.doesNotMatch(String(span?.events[0]?.attributes["exception.stacktrace"]), /token=d/);
});
