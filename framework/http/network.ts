const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
/** The half of an IPv6 address that names a network; its holder picks the other half freely. */
const NETWORK_GROUPS = 4;

/**
 * The network that an address stands for when attempts are counted: an IPv4 address itself, the
 * first 64 bits of an IPv6 one. Anything else stands for itself.
 */
export function networkOf(address: string): string {
  const [plain = ""] = address.split("%", 1);
  const embedded = IPV4_IN_IPV6.exec(plain)?.[1];
  if (embedded !== undefined) return embedded;
  if (!plain.includes(":")) return plain;
  const [before = [], after = []] = plain.toLowerCase().split("::", 2).map(groupsOf);
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill("0");
  const network = [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS);
  return `${network.join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}
