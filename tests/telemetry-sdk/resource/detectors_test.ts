import assert from "node:assert/strict";
import { BUILT_IN } from "../../../telemetry-sdk/resource/detectors.ts";
import { linux, type Place } from "./_linux.ts";

const ID = "a1b2c3d4".repeat(8);
const POD = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const MACHINE = "0123456789abcdef".repeat(2);
const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** What a detector finds, without what is not there. */
function found(name: keyof typeof BUILT_IN, place: Place): Record<string, unknown> {
  const attributes = BUILT_IN[name](linux(place));
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

Deno.test("the host detector takes the machine's id, but not a container's", () => {
  const id = (files: Record<string, string>) => found("host", { files })["host.id"];
  assert.equal(id({ "/etc/machine-id": `${MACHINE}\n` }), MACHINE);
  assert.equal(id({ "/etc/machine-id": "", "/var/lib/dbus/machine-id": MACHINE }), MACHINE);
  for (const bad of ["uninitialized\n", "0".repeat(32), `${MACHINE}0`, "x"]) {
    assert.equal(id({ "/etc/machine-id": bad }), undefined);
  }
  assert.equal(
    id({ "/etc/machine-id": MACHINE, "/proc/self/cgroup": `1:cpu:/docker/${ID}` }),
    undefined,
  );
});

Deno.test("the os detector reads what the distribution calls itself", () => {
  const os = (text: string) => {
    const attributes = found("os", { files: { "/etc/os-release": text } });
    return [attributes["os.name"], attributes["os.description"]];
  };
  assert.deepEqual(os('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\n'), [
    "Debian GNU/Linux",
    "Debian GNU/Linux 12 (bookworm)",
  ]);
  assert.deepEqual(os("NAME=Fedora\nVERSION_NAME=x\nPRETTY_NAME=''"), ["Fedora", undefined]);
  assert.deepEqual(os(""), [undefined, undefined]);
});

Deno.test("the container detector reads what is at hand", () => {
  const id = (files: Record<string, string>) => found("container", { files })["container.id"];
  assert.equal(id({ "/proc/self/cgroup": `0::/docker/${ID}` }), ID);
  assert.equal(id({ "/run/.containerenv": `engine="podman-5.0"\nid="${ID}"\n` }), ID);
  assert.equal(id({ "/run/.containerenv": "" }), undefined);
  assert.equal(id({}), undefined);
});

Deno.test("the container detector takes the host's name for an id in a container of Docker's", () => {
  const id = (hostname: string, files: Record<string, string>) =>
    found("container", { hostname, files })["container.id"];
  assert.equal(id("0123456789ab", { "/.dockerenv": "" }), "0123456789ab");
  assert.equal(id("0123456789ab", {}), undefined);
  assert.equal(id("shop", { "/.dockerenv": "" }), undefined);
  assert.equal(
    id("0123456789ab", { "/.dockerenv": "", "/proc/self/cgroup": `0::/docker/${ID}` }),
    ID,
  );
});

Deno.test("the kubernetes detector takes the first variable that is set", () => {
  const variables = {
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
    K8S_POD_NAME: "pod",
    POD_NAME: "another",
    POD_UID: POD,
    POD_IP: "10.1.2.3",
    NAMESPACE: "shops",
    NODE_NAME: "node-1",
    CONTAINER_NAME: "shop",
    K8S_DEPLOYMENT_NAME: "shop-web",
    CLUSTER_NAME: "eu",
  };
  assert.deepEqual(found("kubernetes", { variables, files: { [NAMESPACE_FILE]: "not asked" } }), {
    "k8s.pod.name": "pod",
    "k8s.pod.uid": POD,
    "k8s.pod.ip": "10.1.2.3",
    "k8s.namespace.name": "shops",
    "k8s.node.name": "node-1",
    "k8s.container.name": "shop",
    "k8s.deployment.name": "shop-web",
    "k8s.cluster.name": "eu",
  });
});

Deno.test("the kubernetes detector reads files where no variable is set", () => {
  const mountinfo = [
    `1 2 8:1 /var/lib/kubelet/pods/${POD}/etc-hosts /etc/hosts rw - ext4 /dev/x rw`,
    `1 2 8:1 /var/lib/kubelet/pods/${POD}/containers/shop/0a1b /dev/termination-log rw - ext4 x rw`,
  ].join("\n");
  const files = { [NAMESPACE_FILE]: "shops\n", "/proc/self/mountinfo": mountinfo };
  assert.deepEqual(found("kubernetes", { files }), {
    "k8s.namespace.name": "shops",
    "k8s.pod.uid": POD,
    "k8s.container.name": "shop",
  });
});

Deno.test("the kubernetes detector leaves common names alone outside a pod", () => {
  const variables = { NAMESPACE: "x", NODE_NAME: "y", CLUSTER_NAME: "z", POD_IP: "10.0.0.1" };
  assert.deepEqual(found("kubernetes", { variables }), {});
});

Deno.test("the deno_deploy detector reads what the platform sets", () => {
  const variables = {
    DENO_DEPLOYMENT_ID: "dep-1",
    DENO_DEPLOY_ORG_ID: "org-1",
    DENO_DEPLOY_APP_SLUG: "shop",
    DENO_DEPLOY_BUILD_ID: "rev-1",
    DENO_TIMELINE: "production",
  };
  const attributes = {
    "cloud.provider": "deno",
    "cloud.platform": "deno_deploy",
    "cloud.account.id": "org-1",
    "deployment.id": "dep-1",
    "deployment.environment.name": "production",
    "faas.name": "shop",
    "faas.version": "rev-1",
  };
  assert.deepEqual(found("deno_deploy", { variables }), attributes);
  assert.deepEqual(
    found("deno_deploy", { variables: { ...variables, DENO_TIMELINE: "git-branch/x" } }),
    { ...attributes, "deployment.environment.name": "development" },
  );
  assert.deepEqual(
    found("deno_deploy", { variables: { DENO_DEPLOYMENT_ID: "old", DENO_REGION: "europe-west3" } }),
    {
      "cloud.provider": "deno",
      "cloud.platform": "deno_deploy",
      "cloud.region": "europe-west3",
      "deployment.id": "old",
    },
  );
  assert.deepEqual(found("deno_deploy", { variables: { DENO_REGION: "x" } }), {});
});

Deno.test("the service detector makes an id of its own each time", () => {
  const [one, two] = [found("service", {}), found("service", {})];
  assert.notEqual(one["service.instance.id"], two["service.instance.id"]);
});

Deno.test("no detector looks at anything without the permission", () => {
  const asked: string[] = [];
  const place: Place = {
    files: new Proxy({}, { get: (_target, path) => assert.fail(`read ${String(path)}`) }),
    variables: new Proxy({}, { get: (_target, name) => assert.fail(`read ${String(name)}`) }),
    isGranted: (permission) => {
      asked.push(permission.name);
      return false;
    },
  };
  for (const detect of Object.values(BUILT_IN)) detect(linux(place));
  assert.deepEqual(new Set(asked), new Set(["read", "env", "sys"]));
});
