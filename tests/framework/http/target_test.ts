import assert from "node:assert/strict";
import { parseTarget, splitAuthority, targetFault } from "../../../framework/http/target.ts";

Deno.test("parseTarget() cuts a URL as URL does", () => {
  for (
    const url of [
      "http://shop.test/",
      "http://shop.test/a/b?x=1&y=/2",
      "https://[::1]:8443/a%20b",
      "http://shop.test?only=query",
      "http://shop.test:81/a?b?c",
    ]
  ) {
    const expected = new URL(url);
    assert.deepEqual(parseTarget(url), {
      scheme: expected.protocol.slice(0, -1),
      authority: expected.host,
      path: expected.pathname,
      query: expected.search.slice(1),
    });
  }
});

Deno.test("targetFault() names what is wrong with a host or a path", () => {
  const fault = (url: string) => targetFault(parseTarget(url), url);
  assert.equal(fault("http://shop.test/caf%C3%A9"), undefined);
  assert.equal(fault("http://[::1]:54321/"), undefined);
  assert.equal(fault("http://a b/"), 'The request\'s host "a b" is not valid');
  assert.equal(fault("http://[bad/"), 'The request\'s host "[bad" is not valid');
  assert.equal(
    fault("http://shop.test:99999/"),
    'The request\'s host "shop.test:99999" is not valid',
  );
  assert.equal(fault("http://shop.test/%zz"), 'The path "/%zz" holds an invalid percent-encoding');
  assert.equal(fault("http://shop.test/%ff"), 'The path "/%ff" holds an invalid percent-encoding');
});

Deno.test("splitAuthority() takes host and port apart", () => {
  assert.deepEqual(splitAuthority("shop.test"), { host: "shop.test", port: undefined });
  assert.deepEqual(splitAuthority("shop.test:81"), { host: "shop.test", port: 81 });
  assert.deepEqual(splitAuthority("[::1]:81"), { host: "::1", port: 81 });
  assert.deepEqual(splitAuthority("[::1]"), { host: "::1", port: undefined });
  assert.deepEqual(splitAuthority("user:secret@shop.test"), { host: "shop.test", port: undefined });
});
