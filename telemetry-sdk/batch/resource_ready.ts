import type { Resource } from "@opentelemetry/resources";

/**
 * What an export has to wait for: a resource that is still being found out. All items of one provider have the
 * same, so the first speaks for its batch.
 */
export function resourceReady(
  items: readonly { readonly resource: Resource }[],
): Promise<void> | undefined {
  const resource = items[0]?.resource;
  if (resource?.asyncAttributesPending !== true) return undefined;
  return resource.waitForAsyncAttributes?.();
}
