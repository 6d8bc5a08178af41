import assert from "node:assert/strict";
import { entityTag, isNotModified, notModified } from "../../../framework/cache/conditional.ts";

const etag = `"v1"`;
const modified = "Wed, 21 Oct 2026 07:28:00 GMT";

for (
  const [request, response, expected] of [
    [{ "if-none-match": `"v1"` }, { etag }, true],
    [{ "if-none-match": `W/"v1"` }, { etag }, true],
    [{ "if-none-match": `"v1"` }, { etag: `W/"v1"` }, true],
    [{ "if-none-match": `"v0", W/"a,b" ,"v1"` }, { etag }, true],
    [{ "if-none-match": `"v2"` }, { etag }, false],
    [{ "if-none-match": "v1" }, { etag }, false],
    [{ "if-none-match": "*" }, {}, true],
    [{ "if-none-match": `"v1"` }, {}, false],
    [{ "if-modified-since": modified }, { "last-modified": modified }, true],
    [
      { "if-modified-since": "Wed, 21 Oct 2026 07:27:59 GMT" },
      { "last-modified": modified },
      false,
    ],
    [{ "if-modified-since": "yesterday" }, { "last-modified": modified }, false],
    [{ "if-modified-since": modified }, {}, false],
    [{ "if-none-match": `"v2"`, "if-modified-since": modified }, {
      etag,
      "last-modified": modified,
    }, false],
  ] as readonly [HeadersInit, HeadersInit, boolean][]
) {
  Deno.test(`isNotModified() is ${expected} when asked ${Deno.inspect(request)} of ${Deno.inspect(response)}`, () => {
    assert.equal(isNotModified(new Headers(request), new Headers(response)), expected);
  });
}

Deno.test("notModified() keeps what a 304 repeats and lets the body go", async () => {
  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  const headers = {
    etag,
    "cache-control": "max-age=1",
    "content-type": "text/plain",
    vary: "accept",
  };
  const response = notModified(new Response(body, { headers }));
  assert.equal(response.status, 304);
  assert.deepEqual(Object.fromEntries(response.headers), {
    etag,
    "cache-control": "max-age=1",
    vary: "accept",
  });
  assert.equal(await response.text(), "");
  assert.equal(cancelled, true);
});

Deno.test("entityTag() tells bodies apart and is valid as a header", async () => {
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((byte) => entityTag(new Uint8Array([byte]))),
  );
  assert.equal(one, same);
  assert.notEqual(one, other);
  assert.match(String(one), /^W\/"[\w-]{27}"$/);
});
