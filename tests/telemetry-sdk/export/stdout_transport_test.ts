import assert from "node:assert/strict";
import { StdoutTransport } from "../../../telemetry-sdk/export/stdout_transport.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("StdoutTransport.send() writes each export as one line, however much is taken at a time", async () => {
  const chunks: string[] = [];
  const transport = new StdoutTransport((bytes) => {
    const taken = bytes.subarray(0, 3);
    chunks.push(new TextDecoder().decode(taken));
    return taken.length;
  });
  assert.deepEqual(await transport.send(encode("{first}")), { status: "success" });
  assert.deepEqual(await transport.send(encode("{second}")), { status: "success" });
  assert.equal(chunks.join(""), "{first}\n{second}\n");
});

Deno.test("StdoutTransport.send() tells that nobody reads any more", async () => {
  const transport = new StdoutTransport(() => {
    throw new Deno.errors.BrokenPipe("gone");
  });
  const { status } = await transport.send(encode("{}"));
  assert.equal(status, "failure");
});
