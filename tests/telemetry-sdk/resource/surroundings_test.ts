import assert from "node:assert/strict";
import { Surroundings } from "../../../telemetry-sdk/resource/surroundings.ts";
import { linux } from "./_linux.ts";

Deno.test("file() reads a file once", () => {
  let reads = 0;
  const surroundings = new Surroundings({
    isGranted: () => true,
    readFile: () => `${++reads}`,
  });
  assert.equal(surroundings.file("a", "/x"), "1");
  assert.equal(surroundings.file("b", "/x"), "1");
});

Deno.test("file() remembers a refusal that comes only with the reading", () => {
  const surroundings = new Surroundings({
    isGranted: () => true,
    readFile: () => {
      throw new Deno.errors.NotCapable("Requires all access");
    },
  });
  assert.equal(surroundings.file("container.id", "/proc/self/cgroup"), undefined);
  assert.deepEqual(surroundings.missing, [
    { attribute: "container.id", flag: "--allow-all", optional: true },
  ]);
});

Deno.test("what is not there is not missing for want of a permission", () => {
  const surroundings = linux({});
  assert.equal(surroundings.file("a", "/x"), undefined);
  assert.equal(surroundings.variable("a", "X"), undefined);
  const look = () => {
    throw new Deno.errors.NotFound();
  };
  assert.equal(surroundings.system("a", { kinds: ["hostname"], look }), undefined);
  assert.deepEqual(surroundings.missing, []);
});

Deno.test("a refused permission is named with its flag, once", () => {
  const surroundings = linux({ isGranted: () => false });
  surroundings.file("host.id", "/etc/machine-id");
  surroundings.variable("k8s.pod.name", "POD_NAME");
  surroundings.variable("k8s.pod.name", "POD_NAME");
  surroundings.system("host.name", { kinds: ["hostname"], look: () => assert.fail() });
  assert.deepEqual(surroundings.missing, [
    { attribute: "host.id", flag: "--allow-read=/etc/machine-id", optional: true },
    { attribute: "k8s.pod.name", flag: "--allow-env=POD_NAME", optional: true },
    { attribute: "host.name", flag: "--allow-sys=hostname", optional: false },
  ]);
});
