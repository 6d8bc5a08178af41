import assert from "node:assert/strict";
import { createResource } from "../../../telemetry-sdk/resource/resource.ts";
import manifest from "../../../telemetry-sdk/deno.json" with { type: "json" };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

Deno.test("createResource() describes the process, its host and the SDK", () => {
  const { attributes, schemaUrl } = createResource({
    serviceName: undefined,
    resourceAttributes: {},
  });
  assert.equal(schemaUrl, "https://opentelemetry.io/schemas/1.45.0");
  const { "service.instance.id": instance, ...rest } = attributes;
  assert.match(String(instance), UUID);
  assert.deepEqual(rest, {
    "service.name": "echelon",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.version": "2.12.0",
    "telemetry.distro.name": "echelon",
    "telemetry.distro.version": manifest.version,
    "process.pid": Deno.pid,
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

Deno.test({
  name: "createResource() leaves out what it may not look up",
  permissions: "none",
  fn() {
    const { attributes } = createResource({ serviceName: undefined, resourceAttributes: {} });
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
