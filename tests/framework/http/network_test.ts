import assert from "node:assert/strict";
import { networkOf } from "../../../framework/http/network.ts";

for (
  const [address, network] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["2001::2:3:4:5:6:7", "2001:0:2:3::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["not an address", "not an address"],
  ] as const
) {
  Deno.test(`networkOf() gives "${network}" for "${address}"`, () => {
    assert.equal(networkOf(address), network);
  });
}
