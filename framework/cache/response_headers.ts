/** Headers of which a response may have several, so that they add up. */
const ADDED: ReadonlySet<string> = new Set(["set-cookie", "vary"]);

/**
 * The headers that a response will have once those asked for on the context are merged into it: its
 * own win, cookies and `Vary` add up.
 */
export function mergedHeaders(own: Headers, pending: Iterable<[string, string]>): Headers {
  const merged = new Headers(own);
  for (const [name, value] of pending) {
    if (ADDED.has(name)) merged.append(name, value);
    else if (!merged.has(name)) merged.set(name, value);
  }
  return merged;
}

/**
 * What was asked for on the context since `before` was copied. What stands outside the cache asks
 * before, and asks anew for each request, so that only the inside is stored.
 */
export function addedHeaders(before: Headers, after: Headers | undefined): [string, string][] {
  const earlier = [...before].map(([name, value]) => `${name}: ${value}`);
  return [...after ?? []].flatMap(([name, value]): [string, string][] => {
    if (earlier.includes(`${name}: ${value}`)) return [];
    const past = before.get(name);
    // `Vary` grows in place: the cache's outside has named its part itself.
    const added = name === "vary" && past !== null && value.startsWith(`${past}, `)
      ? value.slice(past.length + 2)
      : value;
    return [[name, added]];
  });
}
