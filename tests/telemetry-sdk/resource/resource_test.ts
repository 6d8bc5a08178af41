import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import type { ResourceDetector } from "../../../telemetry-sdk/config/schema.ts";
import {
  createResource,
  type DetectionOptions,
  detectResource,
} from "../../../telemetry-sdk/resource/resource.ts";
import { Surroundings } from "../../../telemetry-sdk/resource/surroundings.ts";
import manifest from "../../../telemetry-sdk/deno.json" with { type: "json" };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BARE = { serviceName: undefined, resourceAttributes: {} };
/** What is there without any detector. */
const BASE = {
  "service.name": "echelon",
  "telemetry.sdk.name": "opentelemetry",
  "telemetry.sdk.language": "nodejs",
  "telemetry.sdk.version": "2.12.0",
  "telemetry.distro.name": "echelon",
  "telemetry.distro.version": manifest.version,
};

Deno.test("createResource() describes the process, its host and the SDK", () => {
  const nothingElse = new Surroundings({
    readFile: () => {
      throw new Deno.errors.NotFound();
    },
    readVariable: () => undefined,
  });
  const { resource, missing } = detectResource(BARE, { surroundings: nothingElse });
  assert.equal(resource.schemaUrl, "https://opentelemetry.io/schemas/1.45.0");
  assert.deepEqual(missing, []);
  const {
    "service.instance.id": instance,
    "process.creation.time": created,
    "process.owner": owner,
    ...rest
  } = resource.attributes;
  assert.match(String(instance), UUID);
  assert.equal(new Date(String(created)).toISOString(), created);
  assert.equal(typeof owner, "string");
  assert.deepEqual(rest, {
    ...BASE,
    "process.pid": Deno.pid,
    "process.executable.name": Deno.execPath().split(/[/\\]/).at(-1),
    "process.runtime.name": "deno",
    "process.runtime.version": Deno.version.deno,
    "process.runtime.description":
      `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}, TypeScript ${Deno.version.typescript}`,
    "host.arch": Deno.build.arch === "x86_64" ? "amd64" : "arm64",
    "host.name": Deno.hostname(),
    "os.type": Deno.build.os,
    "os.version": Deno.osRelease(),
  });
});

Deno.test("createResource() asks only the detectors that are chosen", () => {
  assert.deepEqual(createResource({ ...BARE, resourceDetectors: [] }).attributes, BASE);
  const { attributes } = createResource({ ...BARE, resourceDetectors: ["os", "service"] });
  assert.equal(attributes["os.type"], Deno.build.os);
  assert.match(String(attributes["service.instance.id"]), UUID);
  assert.equal(attributes["process.pid"], undefined);
});

Deno.test({
  name: "createResource() leaves out what it may not look up",
  permissions: "none",
  fn() {
    const { attributes } = createResource(BARE);
    assert.equal(attributes["host.name"], undefined);
    assert.equal(attributes["os.version"], undefined);
    assert.equal(attributes["process.runtime.name"], "deno");
  },
});

Deno.test("createResource() lets a service name of its own win over one among the attributes", () => {
  const resourceAttributes = { "service.name": "listed", "service.instance.id": "one" };
  const named = createResource({ serviceName: "own", resourceAttributes });
  assert.equal(named.attributes["service.name"], "own");
  assert.equal(named.attributes["service.instance.id"], "one");
  const listed = createResource({ serviceName: undefined, resourceAttributes });
  assert.equal(listed.attributes["service.name"], "listed");
});

function detected(
  resourceDetectors: readonly ResourceDetector[],
  options: DetectionOptions & { readonly attributes?: Attributes } = {},
) {
  const said: string[] = [];
  const { resource } = detectResource(
    { serviceName: undefined, resourceAttributes: options.attributes ?? {}, resourceDetectors },
    { report: (line) => said.push(line), ...options },
  );
  return { resource, said };
}

Deno.test("detectResource() lets configuration win over detectors, and the later detector", () => {
  const { resource, said } = detected(
    [() => ({ "service.name": "first", a: 1, b: 1 }), () => ({ a: 2, b: 2, c: 2 })],
    { attributes: { b: 3 } },
  );
  assert.deepEqual(resource.attributes, { ...BASE, "service.name": "first", a: 2, b: 3, c: 2 });
  assert.deepEqual(said, []);
  assert.notEqual(resource.asyncAttributesPending, true);
});

Deno.test("detectResource() waits for a detector that takes its time", async () => {
  const { promise, resolve } = Promise.withResolvers<Attributes>();
  const { resource, said } = detected(
    [() => promise, () => ({ a: "sync", z: 1 })],
    { attributes: { "service.name": "shop" } },
  );
  assert.equal(resource.asyncAttributesPending, true);
  assert.equal(resource.attributes["service.name"], "shop");
  assert.equal(resource.attributes.z, 1);
  assert.equal(resource.attributes.late, undefined);
  resolve({ late: true, a: "async", "service.name": "detected" });
  await resource.waitForAsyncAttributes?.();
  assert.equal(resource.asyncAttributesPending, false);
  assert.deepEqual(resource.attributes, {
    ...BASE,
    "service.name": "shop",
    a: "sync",
    late: true,
    z: 1,
  });
  assert.deepEqual(said, []);
});

Deno.test("detectResource() gives a detector up that never answers, and keeps the others", async () => {
  const { resource, said } = detected(
    [function stuck() {
      return new Promise<Attributes>(() => {});
    }, () => Promise.resolve({ fine: true })],
    { timeoutMillis: 20 },
  );
  // The detector's own timer keeps no process alive, and so no test.
  const alive = setInterval(() => {}, 1000);
  await resource.waitForAsyncAttributes?.();
  clearInterval(alive);
  assert.deepEqual(resource.attributes, { ...BASE, fine: true });
  assert.deepEqual(said, [
    'Resource detector "stuck" gave no answer within 0.02 s; its attributes are left out',
  ]);
});

Deno.test("detectResource() keeps a failing detector away from the others", async () => {
  const { resource, said } = detected([
    function throws() {
      throw new Error("no metadata server");
    },
    async function rejects() {
      await Promise.resolve();
      throw new Error("no route");
    },
    () => ({ fine: true }),
    () => Reflect.apply(JSON.parse, JSON, ["7"]),
    () => Promise.resolve(Reflect.apply(JSON.parse, JSON, ['{"a":{},"b":"x"}'])),
  ]);
  await resource.waitForAsyncAttributes?.();
  assert.deepEqual(resource.attributes, { ...BASE, fine: true, b: "x" });
  assert.deepEqual(said.sort(), [
    'Resource detector "rejects" failed: no route',
    'Resource detector "throws" failed: no metadata server',
    "Resource detector 4 gave no attributes",
    "Resource detector 5 gave unusable values: a",
  ]);
});

Deno.test("detectResource() mends what is configured and says what it leaves out", () => {
  const attributes = Reflect.apply(Object.assign, Object, [{}, {
    bad: { an: "object" },
    nothing: null,
    text: "x\ud800",
    big: 2n ** 64n,
  }]);
  const { resource, said } = detected([], { attributes });
  assert.deepEqual(resource.attributes, {
    ...BASE,
    text: "x\ufffd",
    big: "18446744073709551616",
  });
  assert.deepEqual(said, [
    "Resource attributes are left out: bad; " +
    "an attribute has a name, and is a text, a number, a boolean or a list of one of these",
  ]);
});

Deno.test("merge() of a resource that is not complete waits for both", async () => {
  const { promise, resolve } = Promise.withResolvers<Attributes>();
  const { resource } = detected([() => promise]);
  const other = createResource({
    serviceName: "other",
    resourceAttributes: { own: 1 },
    resourceDetectors: [],
  });
  const merged = resource.merge(other);
  assert.equal(merged.asyncAttributesPending, true);
  assert.equal(merged.attributes.own, 1);
  assert.equal(resource.merge(null), resource);
  resolve({ late: 1, "service.name": "late" });
  await merged.waitForAsyncAttributes?.();
  assert.deepEqual(merged.attributes, { ...BASE, "service.name": "other", late: 1, own: 1 });
  assert.deepEqual(resource.merge(other).attributes, merged.attributes);
  assert.deepEqual(
    Object.fromEntries(resource.getRawAttributes()),
    { ...BASE, late: 1, "service.name": "late" },
  );
});

Deno.test("merge() of two resources that are not complete waits for the slower one", async () => {
  const slow = Promise.withResolvers<Attributes>();
  const { resource } = detected([() => Promise.resolve({ a: 1 })]);
  const { resource: other } = detected([() => slow.promise]);
  const merged = resource.merge(other);
  await resource.waitForAsyncAttributes?.();
  assert.equal(merged.asyncAttributesPending, true);
  slow.resolve({ b: 2 });
  await merged.waitForAsyncAttributes?.();
  assert.deepEqual(merged.attributes, { ...BASE, a: 1, b: 2 });
});
