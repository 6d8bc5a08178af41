import assert from "node:assert/strict";
import { readFileBytes, readFileSlice } from "../../../framework/http/file_slice.ts";

async function tempFile(content: Uint8Array): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, content);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

const CONTENT = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);

Deno.test("readFileSlice() yields a part of a file in pieces, in order", async () => {
  await using file = await tempFile(CONTENT);
  const pieces = await Array.fromAsync(readFileSlice(file.path, { start: 7, length: 150_000 }));
  assert.ok(pieces.length > 1);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  assert.deepEqual(bytes, CONTENT.slice(7, 150_007));
});

/** Fails a test that leaves a file open; Deno looks only when asked. */
const NOTHING_LEFT_OPEN = { sanitizeOps: true, sanitizeResources: true };

Deno.test(
  "readFileSlice() closes the file when its reader stops, and opens none for nobody",
  NOTHING_LEFT_OPEN,
  async () => {
    await using file = await tempFile(CONTENT);
    const whole = { start: 0, length: CONTENT.length };
    for await (const piece of readFileSlice(file.path, whole)) {
      assert.ok(piece.length < CONTENT.length);
      break;
    }
    await readFileSlice("/nowhere/at/all", whole).return(undefined);
  },
);

Deno.test(
  "readFileSlice() fails, and closes the file, when it has become shorter",
  NOTHING_LEFT_OPEN,
  async () => {
    await using file = await tempFile(CONTENT);
    const slice = readFileSlice(file.path, { start: 0, length: CONTENT.length });
    await slice.next();
    await Deno.truncate(file.path, 10);
    await assert.rejects(Array.fromAsync(slice), {
      message: `The file "${file.path}" became shorter while it was read`,
    });
  },
);

Deno.test("readFileBytes() reads a part of a file at once", async () => {
  await using file = await tempFile(CONTENT);
  const bytes = await readFileBytes(file.path, { start: 100_000, length: 70_000 });
  assert.deepEqual(bytes, CONTENT.slice(100_000, 170_000));
  assert.deepEqual(await readFileBytes(file.path, { start: 0, length: 0 }), new Uint8Array());
});
