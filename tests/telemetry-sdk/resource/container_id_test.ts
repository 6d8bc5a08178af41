import assert from "node:assert/strict";
import {
  containerId,
  podContainerName,
  podUid,
} from "../../../telemetry-sdk/resource/container_id.ts";

const ID = "a1b2c3d4".repeat(8);
const OTHER = "f".repeat(64);
const POD = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

/** A line of `/proc/self/mountinfo`. */
function mount(root: string, point: string): string {
  return `1411 1402 254:1 ${root} ${point} rw,relatime - ext4 /dev/vda1 rw,discard`;
}

const HOST_MOUNTS = [
  mount("/", "/"),
  mount("/", "/sys/fs/cgroup"),
  // Another container's files, as the machine itself sees them.
  mount("/", `/var/lib/docker/containers/${OTHER}/mounts/shm`),
  mount(`/docker/containers/${OTHER}/hostname`, "/var/lib/docker/merged/etc/hostname"),
  mount(`/pods/${POD}/volumes/x`, `/var/lib/kubelet/pods/${POD}/volumes/x`),
].join("\n");

Deno.test("containerId() finds the id in the control groups of version 1", () => {
  const groups: Record<string, string> = {
    docker: `12:cpu,cpuacct:/docker/${ID}\n11:pids:/docker/${ID}\n0::/system.slice/x.service`,
    "docker by systemd": `3:cpu:/system.slice/docker-${ID}.scope`,
    containerd: `9:memory:/kubepods/burstable/pod${POD}/${ID}`,
    "containerd by systemd": `9:memory:/kubepods.slice/kubepods-pod${
      POD.replaceAll("-", "_")
    }.slice/cri-containerd-${ID}.scope`,
    "containerd with colons":
      `1:name=systemd:/system.slice/containerd.service/kubepods-x.slice:cri-containerd:${ID}`,
    "cri-o": `4:pids:/kubepods.slice/kubepods-besteffort-pod1.slice/crio-${ID}.scope`,
    podman: `2:cpu:/machine.slice/libpod-${ID}.scope`,
    "podman by crun": `0::/user.slice/user-1000.slice/libpod-${ID}.scope/container`,
    "a container in a container": `5:cpu:/docker/${OTHER}/kubelet/kubepods/pod${POD}/${ID}`,
    ecs: `7:cpu:/ecs/${"9".repeat(32)}/${ID}`,
  };
  for (const [name, cgroup] of Object.entries(groups)) {
    assert.equal(containerId({ cgroup, mountinfo: HOST_MOUNTS }), ID, name);
  }
  const fargate = `${"9".repeat(32)}-1234567890`;
  assert.equal(
    containerId({ cgroup: `7:cpu:/ecs/${"9".repeat(32)}/${fargate}`, mountinfo: "" }),
    fargate,
  );
});

Deno.test("containerId() finds the id among the mounts when version 2 hides it", () => {
  const mounts: Record<string, string> = {
    docker: mount(`/var/lib/docker/containers/${ID}/hostname`, "/etc/hostname"),
    "docker elsewhere": mount(`/data/containers/${ID}/resolv.conf`, "/etc/resolv.conf"),
    podman: mount(
      `/containers/storage/overlay-containers/${ID}/userdata/.containerenv`,
      "/run/.containerenv",
    ),
    "podman without root": mount(
      `/user/1000/containers/overlay-containers/${ID}/userdata/hosts`,
      "/etc/hosts",
    ),
    "the control group's own mount": mount(
      `/kubelet.slice/kubelet-kubepods.slice:cri-containerd:${ID}`,
      "/sys/fs/cgroup",
    ),
  };
  for (const [name, line] of Object.entries(mounts)) {
    const mountinfo = `${HOST_MOUNTS}\n${line}\n`;
    assert.equal(containerId({ cgroup: "0::/\n", mountinfo }), ID, name);
  }
});

Deno.test("containerId() does not take the pod's holding container for the process's", () => {
  const mountinfo = [
    mount(`/var/lib/kubelet/pods/${POD}/etc-hosts`, "/etc/hosts"),
    mount(`/containers/storage/overlay-containers/${OTHER}/userdata/hostname`, "/etc/hostname"),
    mount(
      `/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${OTHER}/resolv.conf`,
      "/etc/resolv.conf",
    ),
  ].join("\n");
  assert.equal(containerId({ cgroup: "0::/", mountinfo }), undefined);
  assert.equal(containerId({ cgroup: `0::/crio-${ID}.scope`, mountinfo }), ID);
  const containerd = mount(
    `/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/${OTHER}/hostname`,
    "/etc/hostname",
  );
  assert.equal(containerId({ cgroup: "0::/", mountinfo: containerd }), undefined);
});

Deno.test("containerId() finds nothing outside a container", () => {
  const groups = [
    "",
    "0::/",
    "0::/user.slice/user-1000.slice/session-1.scope",
    `1:cpu:/docker/${ID.slice(1)}`,
    `1:cpu:/docker/${ID}0`,
    `1:cpu:/docker/${ID.toUpperCase()}`,
    "\0\0:::\n::",
  ];
  for (const cgroup of groups) {
    assert.equal(containerId({ cgroup, mountinfo: HOST_MOUNTS }), undefined, cgroup);
  }
});

Deno.test("podUid() finds the pod in control groups and mounts", () => {
  const files = (cgroup: string, mountinfo = HOST_MOUNTS) => ({ cgroup, mountinfo });
  const underscores = POD.replaceAll("-", "_");
  assert.equal(podUid(files(`9:cpu:/kubepods/burstable/pod${POD}/${ID}`)), POD);
  assert.equal(
    podUid(
      files(`0::/kubepods.slice/kubepods-besteffort-pod${underscores}.slice/crio-${ID}.scope`),
    ),
    POD,
  );
  assert.equal(
    podUid(files(`9:cpu:/kubepods/pod${"a".repeat(32)}/${ID}`)),
    "a".repeat(32),
  );
  assert.equal(
    podUid(files("0::/", mount(`/var/lib/kubelet/pods/${POD}/etc-hosts`, "/etc/hosts"))),
    POD,
  );
  assert.equal(podUid(files("0::/")), undefined);
});

Deno.test("podContainerName() finds the name in the path of the termination log", () => {
  const root = `/var/lib/kubelet/pods/${POD}/containers/shop/0a1b2c3d`;
  const named = { cgroup: "", mountinfo: mount(root, "/dev/termination-log") };
  assert.equal(podContainerName(named), "shop");
  assert.equal(podContainerName({ cgroup: "", mountinfo: mount(root, "/x") }), undefined);
});
