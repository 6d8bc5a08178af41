import type { Attributes } from "@opentelemetry/api";
import { procFiles } from "./container_detector.ts";
import { podContainerName, podUid } from "./container_id.ts";
import type { Surroundings } from "./surroundings.ts";

const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** What the downward API is usually told to call what it gives; the first that is set counts. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  "k8s.pod.name": ["K8S_POD_NAME", "POD_NAME"],
  "k8s.pod.uid": ["K8S_POD_UID", "POD_UID"],
  "k8s.pod.ip": ["K8S_POD_IP", "POD_IP"],
  "k8s.namespace.name": [
    "K8S_NAMESPACE_NAME",
    "K8S_NAMESPACE",
    "K8S_POD_NAMESPACE",
    "POD_NAMESPACE",
    "KUBERNETES_NAMESPACE",
    "NAMESPACE",
  ],
  "k8s.node.name": ["K8S_NODE_NAME", "NODE_NAME"],
  "k8s.container.name": ["K8S_CONTAINER_NAME", "CONTAINER_NAME"],
  "k8s.deployment.name": ["K8S_DEPLOYMENT_NAME", "DEPLOYMENT_NAME"],
  "k8s.cluster.name": ["K8S_CLUSTER_NAME", "CLUSTER_NAME"],
};

/** The pod that the process runs in. */
export function detectKubernetes(surroundings: Surroundings): Attributes {
  if (!isInPod(surroundings)) return {};
  const found: Attributes = {};
  for (const [attribute, names] of Object.entries(VARIABLES)) {
    for (const name of names) {
      found[attribute] ??= surroundings.variable(attribute, name);
    }
  }
  found["k8s.namespace.name"] ??= namespaceOf(surroundings);
  found["k8s.pod.uid"] ??= podUid(procFiles(surroundings, "k8s.pod.uid"));
  found["k8s.container.name"] ??= podContainerName(procFiles(surroundings, "k8s.container.name"));
  return found;
}

/** Names like `NAMESPACE` mean something else elsewhere, so they are asked for in a pod only. */
function isInPod(surroundings: Surroundings): boolean {
  return ["KUBERNETES_SERVICE_HOST", "K8S_POD_NAME", "POD_NAME"].some((name) =>
    surroundings.variable("k8s.pod.name", name) !== undefined
  ) || namespaceOf(surroundings) !== undefined;
}

function namespaceOf(surroundings: Surroundings): string | undefined {
  if (!surroundings.isLinux) return undefined;
  return surroundings.file("k8s.namespace.name", NAMESPACE_FILE)?.trim() || undefined;
}
