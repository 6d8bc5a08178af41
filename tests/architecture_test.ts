import assert from "node:assert/strict";
import { type Import, readImports, repository, sourceFiles } from "./_architecture/import_graph.ts";
import {
  frameworkImportsNoSdk,
  type ImportRule,
  importsPointDown,
  modFacesOutward,
  onlyPublicFaces,
  openTelemetryStaysInItsPlace,
  sdkImportsNoFramework,
} from "./_architecture/import_rules.ts";
import { publicFaces, readMembers } from "./_architecture/members.ts";
import { inspectSource } from "./_architecture/source_rules.ts";

const files = sourceFiles([
  "framework",
  "telemetry-sdk",
  "viewer",
  "example",
  "main.ts",
]);
const faces = publicFaces(readMembers());

/** Holds a rule over the sources, and proves on made-up imports that it could fail. */
function testRule(
  name: string,
  rule: ImportRule,
  { broken, kept }: { broken: readonly string[]; kept: readonly string[] },
): void {
  Deno.test(name, async (t) => {
    await t.step("is told apart", () => {
      const offences = broken.map(parseImport);
      assert.deepEqual(
        rule([...offences, ...kept.map(parseImport)]),
        offences,
      );
    });
    await t.step("holds in the sources", async () => {
      assert.deepEqual(rule(await readImports(files)), []);
    });
  });
}

/** Reads `from -> to`. */
function parseImport(arrow: string): Import {
  const [from, to] = arrow.split(" -> ");
  assert.ok(from && to);
  return { from, to };
}

Deno.test("readImports() sees every kind of import and refuses one that leads nowhere", async () => {
  const workspace = `${await Deno.realPath(await Deno.makeTempDir())}/`;
  const write = (path: string, text: string) => Deno.writeTextFile(workspace + path, text);
  try {
    await write("deno.json", `{ "workspace": ["a", "b"] }`);
    for (const member of ["a", "b"]) {
      await Deno.mkdir(workspace + member);
      await write(`${member}/mod.ts`, "export type Mod = 1;");
    }
    await write(
      "a/deno.json",
      `{ "imports": { "@opentelemetry/api": "npm:@opentelemetry/api@1.9.1" } }`,
    );
    await write(
      "b/deno.json",
      `{ "name": "@made/b", "version": "1.0.0", "exports": "./mod.ts" }`,
    );
    for (const name of ["value", "type", "late"]) {
      await write(`a/${name}.ts`, "export const a = 1;");
    }
    await write(
      "a/all.ts",
      `export { a } from "./value.ts";
       import type { a as type } from "./type.ts";
       import { trace } from "@opentelemetry/api";
       import type { Mod } from "@made/b";
       export const late = () => import("./late.ts");`,
    );
    const found = await readImports(["a/all.ts", "a/mod.ts"], workspace);
    assert.deepEqual(new Set(found.map(({ from }) => from)), new Set(["a/all.ts"]));
    assert.deepEqual(found.map(({ to }) => to).sort(), [
      "a/late.ts",
      "a/type.ts",
      "a/value.ts",
      "b/mod.ts",
      "npm:@opentelemetry/api",
    ]);

    await write("b/wrong.ts", `import "@opentelemetry/api";`);
    await assert.rejects(
      readImports(["b/wrong.ts"], workspace),
      /"@opentelemetry\/api" not a dependency/,
    );
  } finally {
    await Deno.remove(workspace, { recursive: true });
  }
});

Deno.test("sourceFiles() finds the sources and passes over what is not there", () => {
  assert.ok(files.includes("framework/mod.ts"));
  assert.ok(files.includes("telemetry-sdk/mod.ts"));
  assert.deepEqual(sourceFiles(["no-such-folder"]), []);
});

testRule(
  "rule 1: framework imports no SDK package and nothing of telemetry-sdk",
  frameworkImportsNoSdk,
  {
    broken: [
      "framework/app.ts -> npm:@opentelemetry/sdk-trace-base",
      "framework/telemetry/otel.ts -> npm:@opentelemetry/core",
      "framework/telemetry/otel.ts -> telemetry-sdk/mod.ts",
    ],
    kept: [
      "framework/telemetry/otel.ts -> npm:@opentelemetry/api",
      "framework/telemetry/logger.ts -> npm:@opentelemetry/api-logs",
      "telemetry-sdk/start.ts -> npm:@opentelemetry/sdk-metrics",
      "main.ts -> telemetry-sdk/register.ts",
    ],
  },
);

testRule(
  "rule 2: telemetry-sdk never imports framework",
  sdkImportsNoFramework,
  {
    broken: [
      "telemetry-sdk/register.ts -> framework/mod.ts",
      "telemetry-sdk/traces/sampler.ts -> framework/telemetry/attributes.ts",
    ],
    kept: ["telemetry-sdk/register.ts -> telemetry-sdk/start.ts"],
  },
);

testRule(
  "rule 3: OpenTelemetry is spoken only where the framework's telemetry is",
  openTelemetryStaysInItsPlace,
  {
    broken: [
      "framework/app.ts -> npm:@opentelemetry/api",
      "framework/cache/telemetry.ts -> npm:@opentelemetry/api",
      "framework/debugger/debugger.ts -> npm:@opentelemetry/api",
      "framework/telemetry.ts -> npm:@opentelemetry/api",
    ],
    kept: [
      "framework/telemetry/otel.ts -> npm:@opentelemetry/api",
      "framework/debugger/otel_bridge.ts -> npm:@opentelemetry/api",
      "framework/debugger/span_table.ts -> npm:@opentelemetry/api",
      "framework/router/router.ts -> npm:rou3",
    ],
  },
);

testRule(
  "rule 4: imports point from the application down to telemetry, not between siblings",
  importsPointDown,
  {
    broken: [
      "framework/cache/cache.ts -> framework/app.ts",
      "framework/telemetry/otel.ts -> framework/debugger/events.ts",
      "framework/telemetry/otel.ts -> framework/http/types.ts",
      "framework/jobs/queue.ts -> framework/orm/kv.ts",
      "framework/cache/cache.ts -> framework/debugger/mod.ts",
      "framework/middleware/compose.ts -> framework/router/router.ts",
      "framework/router/router.ts -> framework/http/types.ts",
      "framework/errors.ts -> framework/http/types.ts",
      "framework/view/view.ts -> framework/search/search.ts",
    ],
    kept: [
      "framework/app.ts -> framework/jobs/mod.ts",
      "framework/auth/auth.ts -> framework/http/types.ts",
      "framework/auth/telemetry.ts -> framework/telemetry/mod.ts",
      "framework/auth/auth.ts -> framework/auth/password.ts",
      "framework/http/context.ts -> framework/router/router.ts",
      "framework/http/body.ts -> framework/errors.ts",
      "framework/telemetry/scope.ts -> framework/deno.json",
      "telemetry-sdk/traces/provider.ts -> telemetry-sdk/config/schema.ts",
    ],
  },
);

testRule("rule 5: nothing in a folder imports its own mod.ts", modFacesOutward, {
  broken: [
    "framework/cache/cache.ts -> framework/cache/mod.ts",
    "framework/cache/cache.ts -> framework/mod.ts",
    "telemetry-sdk/register.ts -> telemetry-sdk/mod.ts",
  ],
  kept: [
    "framework/app.ts -> framework/cache/mod.ts",
    "framework/mod.ts -> framework/cache/mod.ts",
    "main.ts -> framework/mod.ts",
  ],
});

Deno.test("rule 5: exports have names", async (t) => {
  await t.step("is told apart", () => {
    const source = `
      export * from "./a.ts";
      export * as b from "./b.ts";
      export { c as default } from "./c.ts";
      export default 4;
      // export * from "./comment.ts"
      export const text = 'export * from "./text.ts"';
      export { default as d } from "./d.ts";`;
    assert.deepEqual(inspectSource("example.ts", source).vagueExports, [
      "export *",
      "export *",
      "export as default",
      "export default",
    ]);
  });
  await t.step("holds in the sources", async () => {
    const vague: string[] = [];
    for (const file of files) {
      const source = await Deno.readTextFile(repository + file);
      for (const found of inspectSource(file, source).vagueExports) {
        vague.push(`${file}: ${found}`);
      }
    }
    assert.deepEqual(vague, []);
  });
});

testRule(
  "rule 6: viewer, example and main.ts import public faces only",
  onlyPublicFaces(faces),
  {
    broken: [
      "main.ts -> framework/app.ts",
      "main.ts -> telemetry-sdk/start.ts",
      "example/mod.ts -> framework/cache/cache.ts",
      "viewer/server.ts -> telemetry-sdk/export/fetch_transport.ts",
      "viewer/server.ts -> tests/_otlp_receiver.ts",
    ],
    kept: [
      "main.ts -> framework/mod.ts",
      "main.ts -> telemetry-sdk/register.ts",
      "main.ts -> example/mod.ts",
      "example/mod.ts -> example/orders.ts",
      "viewer/server.ts -> npm:protobufjs",
      "framework/app.ts -> framework/router/router.ts",
    ],
  },
);
