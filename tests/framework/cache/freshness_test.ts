import assert from "node:assert/strict";
import { parseCacheControl } from "../../../framework/cache/cache_control.ts";
import { judge, planStorage, varyNames } from "../../../framework/cache/freshness.ts";

interface PlanCase {
  readonly response: Record<string, string>;
  readonly request?: Record<string, string>;
  readonly status?: number;
  readonly ttl?: number;
  /** Fresh and stale seconds, or nothing where it may not be stored. */
  readonly expected: readonly [number, number] | undefined;
}

const control = (value: string) => ({ "cache-control": value });
const authorization = { authorization: "Bearer x" };
const cookie = { cookie: "a=b" };

const plans: readonly PlanCase[] = [
  { response: control("max-age=60"), expected: [60, 0] },
  { response: control("max-age=60, s-maxage=10"), expected: [10, 0] },
  { response: control("max-age=60, stale-while-revalidate=30"), expected: [60, 30] },
  { response: control("max-age=0, stale-while-revalidate=30"), expected: [0, 30] },
  {
    response: control("max-age=60, stale-while-revalidate=30, must-revalidate"),
    expected: [60, 0],
  },
  {
    response: control("s-maxage=60, stale-while-revalidate=30, proxy-revalidate"),
    expected: [60, 0],
  },
  { response: control("max-age=0"), expected: undefined },
  { response: control("max-age=soon"), expected: undefined },
  { response: control("no-store, max-age=60"), expected: undefined },
  { response: control("private, max-age=60"), expected: undefined },
  { response: control(`private="x-user", max-age=60`), expected: undefined },
  { response: control("no-cache, max-age=60"), expected: undefined },
  { response: {}, expected: undefined },
  { response: {}, ttl: 5, expected: [5, 0] },
  { response: control("public"), ttl: 5, expected: [5, 0] },
  { response: control("max-age=60"), ttl: 5, expected: [60, 0] },
  { response: {}, ttl: 5, request: cookie, expected: undefined },
  { response: {}, ttl: 5, request: authorization, expected: undefined },
  { response: control("max-age=60"), request: cookie, expected: [60, 0] },
  { response: control("max-age=60"), request: authorization, expected: undefined },
  { response: control("max-age=60, public"), request: authorization, expected: [60, 0] },
  { response: control("s-maxage=60"), request: authorization, expected: [60, 0] },
  { response: control("max-age=60, must-revalidate"), request: authorization, expected: [60, 0] },
  { response: { ...control("max-age=60"), "set-cookie": "a=b" }, expected: undefined },
  { response: { ...control("max-age=60"), vary: "Accept, *" }, expected: undefined },
  {
    response: { ...control("max-age=60"), "content-type": "text/event-stream" },
    expected: undefined,
  },
  { response: control("max-age=60"), status: 404, expected: [60, 0] },
  { response: control("max-age=60"), status: 206, expected: undefined },
  { response: control("max-age=60"), status: 304, expected: undefined },
  { response: control("max-age=60"), status: 500, expected: undefined },
  {
    response: { date: "Sun, 22 Nov 2026 10:00:00 GMT", expires: "Sun, 22 Nov 2026 10:01:00 GMT" },
    expected: [60, 0],
  },
  { response: { expires: "0" }, ttl: 5, expected: undefined },
];

for (const { response, request = {}, status = 200, ttl, expected } of plans) {
  const asked = `${status} ${JSON.stringify({ response, request, ttl })}`;
  Deno.test(`planStorage() gives ${expected ?? "nothing"} for ${asked}`, () => {
    const plan = planStorage({
      request: new Headers(request),
      status,
      response: new Headers(response),
      ttl,
    });
    assert.deepEqual(plan && [plan.freshSeconds, plan.staleSeconds], expected);
  });
}

for (
  const [age, request, expected] of [
    [0, "", "fresh"],
    [59, "", "fresh"],
    [60, "", "stale"],
    [89, "", "stale"],
    [90, "", "none"],
    [0, "no-cache", "none"],
    [0, "max-age=0", "none"],
    [20, "max-age=20", "fresh"],
    [21, "max-age=20", "none"],
    [49, "min-fresh=10", "fresh"],
    [50, "min-fresh=10", "none"],
  ] as const
) {
  Deno.test(`judge() says ${expected} at ${age} s when asked ${JSON.stringify(request)}`, () => {
    const plan = { freshSeconds: 60, staleSeconds: 30, open: false, explicit: true };
    assert.equal(judge(plan, age, parseCacheControl(request)), expected);
  });
}

Deno.test("varyNames() gives each name once, in one order", () => {
  assert.deepEqual(varyNames(new Headers({ vary: "Accept, origin,,accept " })), [
    "accept",
    "origin",
  ]);
  assert.deepEqual(varyNames(new Headers()), []);
});
