import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startProcess } from "../../_process.ts";

const page = new URL("../../../viewer/page/", import.meta.url);
const FILES = ["index.html", "app.js", "app.css"];

async function read(folder: string, file: string): Promise<string> {
  return await Deno.readTextFile(`${folder}/${file}`);
}

Deno.test("the page in the repository is what its sources make, and small", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const build = fileURLToPath(new URL("build.ts", page));
    await using process = await startProcess({
      args: ["run", "--allow-all", build, folder],
      // With an empty cache the bundler is fetched, by whichever proxy and certificates this machine needs.
      env: Deno.env.toObject(),
    });
    const { success } = await process.status;
    assert.ok(success, process.lines.join("\n"));
    const dist = fileURLToPath(new URL("dist", page));
    for (const file of FILES) {
      const [committed, built] = [await read(dist, file), await read(folder, file)];
      assert.ok(committed === built, `${file} is old: run "deno task viewer:build"`);
    }
    const texts = await Promise.all(FILES.map((file) => read(dist, file)));
    const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
    assert.ok(bytes < 200_000, `${bytes} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the page keeps to its content security policy", async () => {
  const [html, script] = await Promise.all(
    ["index.html", "app.js"].map((file) => read(fileURLToPath(new URL("dist", page)), file)),
  );
  assert.ok(html && script);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i);
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//);
  assert.doesNotMatch(script, /\beval\(|new Function\(/);
});
