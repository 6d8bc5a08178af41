import type { VNode } from "preact";
import type { RequestFailure } from "../api/client.ts";
import { Icon } from "./icons.tsx";

/** What the viewer refused, and why. That it is away altogether, the page's banner says. */
export function Failure({ failure }: { failure: RequestFailure | undefined }): VNode | null {
  if (failure === undefined || failure.status === 0) return null;
  return (
    <p class="banner error" role="alert">
      <Icon name="error" />
      <span>{failure.message}</span>
    </p>
  );
}
