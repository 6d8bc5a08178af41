import { SERVICE_COLOURS } from "../state/service_colour.ts";

/** The colour of a line by its number, as the style sheet has it for the present theme. */
export function lineColour(beside: HTMLElement, number: number): string {
  const probe = document.createElement("span");
  probe.className = `service-${number % SERVICE_COLOURS}`;
  beside.append(probe);
  const colour = getComputedStyle(probe).getPropertyValue("--service").trim();
  probe.remove();
  return colour;
}
