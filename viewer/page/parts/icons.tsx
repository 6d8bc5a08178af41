import type { ComponentChildren, VNode } from "preact";

/** The page's own pictures: lines on a grid of 16 by 16, drawn in the colour of the text. */
const PATHS = {
  brand: (
    <>
      <path d="M2 3.5h12M4.5 8H14M7.5 12.5H14" stroke-width="2.4" />
    </>
  ),
  traces: <path d="M2 3.5h8M5 8h6M8 12.5h6" stroke-width="2" />,
  map: (
    <>
      <circle cx="3.5" cy="8" r="2" />
      <circle cx="12.5" cy="3.5" r="2" />
      <circle cx="12.5" cy="12.5" r="2" />
      <path d="m5.3 7.1 5.4-2.7M5.3 8.9l5.4 2.7" />
    </>
  ),
  metrics: <path d="M2 2v12h12M4.5 10.5 7.5 7l2.5 2 4-5" />,
  logs: <path d="M2.5 3.500h11M2.5 6.500h8M2.5 9.500h11M2.5 12.500h6" />,
  pipeline: (
    <>
      <path d="M1.5 8h3l1.5-4.500L9.5 12.5 11 8h3.5" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1v1.500M8 13.500V15M1 8h1.500M13.5 8H15M3 3l1.1 1.100M11.9 11.9 13 13M13 3l-1.1 1.100M4.1 11.9 3 13" />
    </>
  ),
  moon: <path d="M13.5 9.500A6 6 0 0 1 6.5 2.500a6 6 0 1 0 7 7Z" />,
  help: (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M6.2 6.300a1.9 1.9 0 1 1 2.6 1.800c-.6.25-.8.6-.8 1.200M8 11.300v.1" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  pause: <path d="M5.5 3.500v9M10.5 3.500v9" stroke-width="2" />,
  play: <path d="m5 3 8 5-8 5Z" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.500v-1.500a1.5 1.5 0 0 0-1.5-1.500H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.500h1.5" />
    </>
  ),
  check: <path d="m3 8.5 3.5 3.500L13 4.5" />,
  filter: <path d="M2 3.500h12M4.5 8h7M6.5 12.500h3" />,
  download: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.500h11" />,
  link: (
    <path d="M6.5 9.500a2.8 2.8 0 0 0 4 0l2.5-2.500a2.83 2.83 0 0 0-4-4l-.8.800M9.5 6.500a2.8 2.8 0 0 0-4 0L3 9a2.83 2.83 0 0 0 4 4l.8-.8" />
  ),
  error: (
    <>
      <circle cx="8" cy="8" r="6.3" />
      <path d="M8 4.700v4M8 11.200v.1" stroke-width="1.8" />
    </>
  ),
  right: <path d="m6 3.5 4.5 4.500L6 12.5" />,
  down: <path d="M3.5 6 8 10.5 12.5 6" />,
  back: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
} as const satisfies Readonly<Record<string, ComponentChildren>>;

/** The name of a picture. */
export type IconName = keyof typeof PATHS;

/** A picture beside a word; a reader of the screen passes over it. */
export function Icon({ name, size = 14 }: { name: IconName; size?: number }): VNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
