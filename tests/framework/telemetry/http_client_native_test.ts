import assert from "node:assert/strict";
import { createTracedFetch, type Fetch } from "../../../framework/telemetry/http_client.ts";
import { inMemoryTelemetry } from "../../_telemetry.ts";
import { closedPort, type Origin, startOrigin } from "./_origin.ts";

const native = globalThis.fetch;
const refused = closedPort();

/** What a caller can tell of a call: how it came out, and when it failed. */
async function outcome(call: () => Promise<Response>): Promise<unknown> {
  let promise: Promise<Response>;
  try {
    promise = call();
  } catch (error) {
    return { thrown: shown(error) };
  }
  try {
    const response = await promise;
    const { status, statusText, url, type, redirected, ok } = response;
    const headers = [...response.headers].filter(([name]) => name !== "date");
    const own = response.constructor === Response;
    const body = await response.text();
    return { status, statusText, url, type, redirected, ok, headers, own, body };
  } catch (error) {
    return { rejected: shown(error) };
  }
}

function shown(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return { class: error.constructor.name, name, message, code, cause: cause && shown(cause) };
}

class Init {
  get method() {
    return "POST";
  }
  get body() {
    return "from a getter";
  }
}

function bytes(...text: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(text).pipeThrough(new TextEncoderStream());
}

const used = new Request("http://shop.test/", { method: "POST", body: "x" });
await used.text();

/** What no type would let through. */
type Anything = ReturnType<typeof JSON.parse>;

const calls: Readonly<Record<string, (fetch: Fetch, origin: Origin) => Promise<Response>>> = {
  "text": (fetch, { url }) => fetch(`${url}/`),
  "a URL": (fetch, { url }) => fetch(new URL(url)),
  "what turns into text": (fetch, { url }) => fetch({ toString: () => url } as Anything),
  "a Request": (fetch, { url }) => fetch(new Request(url)),
  "a Request with a body": (fetch, { url }) =>
    fetch(new Request(`${url}/echo`, { method: "POST", body: "x" })),
  "a Request and other options": (fetch, { url }) =>
    fetch(new Request(`${url}/echo`, { method: "POST", body: "x" }), { method: "PUT", body: "y" }),
  "a Request as options": (fetch, { url }) =>
    fetch(`${url}/echo`, new Request("http://shop.test/", { method: "POST", body: "x" })),
  "options of a class": (fetch, { url }) => fetch(`${url}/echo`, new Init()),
  "no options at all": (fetch, { url }) => fetch(url, null as Anything),
  "a stream": (fetch, { url }) => fetch(`${url}/echo`, { method: "POST", body: bytes("a", "b") }),
  "a form": (fetch, { url }) =>
    fetch(`${url}/echo`, { method: "POST", body: new URLSearchParams({ a: "1" }) }),
  "headers from a generator": (fetch, { url }) =>
    fetch(url, {
      headers: (function* () {
        yield ["a", "b"];
      })() as Anything,
    }),
  "a method in small letters": (fetch, { url }) =>
    fetch(`${url}/echo`, { method: "post", body: "x" }),
  "a method that is no text": (fetch, { url }) => fetch(url, { method: 5 } as Anything),
  "keepalive": (fetch, { url }) => fetch(url, { keepalive: true, cache: "no-store" }),
  "redirects": (fetch, { url }) => fetch(`${url}/redirect/2`),
  "a redirect of a body": (fetch, { url }) =>
    fetch(`${url}/redirect-307`, { method: "POST", body: "again" }),
  "a redirect of a stream": (fetch, { url }) =>
    fetch(`${url}/redirect-307`, { method: "POST", body: bytes("a") }),
  "a redirect that is an error": (fetch, { url }) =>
    fetch(`${url}/redirect/1`, { redirect: "error" }),
  "a redirect by hand": (fetch, { url }) => fetch(`${url}/redirect/1`, { redirect: "manual" }),
  "an endless redirect": (fetch, { url }) => fetch(`${url}/loop`),
  "user and password in the URL": (fetch, { url }) => fetch(url.replace("//", "//ada:pw@")),
  "a data URL": (fetch) => fetch("data:text/plain,hello"),
  "a refused connection": (fetch) => fetch(`http://127.0.0.1:${refused}/?token=1`),
  "a blocked port": (fetch) => fetch("http://127.0.0.1:1/"),
  "a host that is none": (fetch) => fetch("http://shop.invalid/"),
  "no argument": (fetch) => (fetch as () => Promise<Response>)(),
  "a URL that is none": (fetch) => fetch("no url"),
  "a symbol": (fetch) => fetch(Symbol("no") as Anything),
  "a scheme that is unknown": (fetch) => fetch("gopher://shop.test/"),
  "options that are none": (fetch, { url }) => fetch(url, 5 as Anything),
  "a forbidden method": (fetch, { url }) => fetch(url, { method: "TRACE" }),
  "a method that is none": (fetch, { url }) => fetch(url, { method: "B AD" }),
  "a body with GET": (fetch, { url }) => fetch(url, { body: "x" }),
  "a header's name that is none": (fetch, { url }) => fetch(url, { headers: { "a b": "c" } }),
  "a header's value that is none": (fetch, { url }) => fetch(url, { headers: { a: "\u0100" } }),
  "headers that are none": (fetch, { url }) => fetch(url, { headers: 5 } as Anything),
  "headers that are null": (fetch, { url }) => fetch(url, { headers: null } as Anything),
  "a signal that is none": (fetch, { url }) => fetch(url, { signal: {} } as Anything),
  "a signal that is null": (fetch, { url }) =>
    fetch(new Request(url, { signal: AbortSignal.abort() }), { signal: null }),
  "a signal that is aborted": (fetch, { url }) => fetch(url, { signal: AbortSignal.abort() }),
  "a Request whose signal is aborted": (fetch, { url }) =>
    fetch(new Request(url, { signal: AbortSignal.abort("why") })),
  "a Request that was read": (fetch) => fetch(used),
  "a client that is none": (fetch, { url }) => fetch(url, { client: 5 } as Anything),
  "a getter that throws": (fetch, { url }) =>
    fetch(url, {
      get method(): string {
        throw new RangeError("no");
      },
    }),
};

for (const [what, call] of Object.entries(calls)) {
  Deno.test(`createTracedFetch() is to its caller what fetch is: ${what}`, async () => {
    await using origin = startOrigin();
    const traced = createTracedFetch(native);
    const expected = await outcome(() => call(native, origin));
    assert.deepEqual(await outcome(() => call(traced, origin)), expected);
    using _telemetry = inMemoryTelemetry();
    assert.deepEqual(await outcome(() => call(traced, origin)), expected);
    const each = origin.seen.length / 3;
    const [plain, off, on] = [0, 1, 2].map((run) => origin.seen[run * each]);
    if (plain === undefined) return;
    assert.deepEqual([...off ?? []], [...plain]);
    assert.match(on?.get("traceparent") ?? "", /^00-/);
    on?.delete("traceparent");
    assert.deepEqual([...on ?? []], [...plain]);
  });
}

Deno.test("createTracedFetch() gives the very response and the very rejection", async () => {
  using _telemetry = inMemoryTelemetry();
  const response = new Response("fake");
  const fetch = createTracedFetch((input) =>
    String(input).endsWith("/ok") ? Promise.resolve(response) : Promise.reject(thrown)
  );
  const thrown = { not: "an error" };
  assert.equal(await fetch("http://shop.test/ok"), response);
  assert.equal(await fetch("http://shop.test/").catch((error) => error), thrown);
});

Deno.test("createTracedFetch() has the name and the length of fetch", () => {
  const traced = createTracedFetch(native);
  assert.equal(traced.name, native.name);
  assert.equal(traced.length, native.length);
  assert.deepEqual(Object.keys(traced), Object.keys(native));
});

Deno.test("createTracedFetch() uses the client that it is given", async () => {
  await using origin = startOrigin();
  using _telemetry = inMemoryTelemetry();
  const client = Deno.createHttpClient({ allowHost: true });
  const headers = { host: "shop.test" };
  const init: RequestInit & { client: Deno.HttpClient } = { client, headers };
  await (await createTracedFetch(native)(origin.url, init)).body?.cancel();
  client.close();
  assert.equal(origin.seen[0]?.get("host"), "shop.test");
});
