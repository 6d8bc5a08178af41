import type { ViewerOptions } from "./options.ts";

/** The variables that a viewer is set up by. */
export const VARIABLES = [
  "VIEWER_PORT",
  "VIEWER_HOST",
  "VIEWER_TOKEN",
  "VIEWER_MEMORY_MB",
  "VIEWER_FILE",
  "VIEWER_FILE_MB",
  "VIEWER_ALLOWED_ORIGINS",
] as const;

/** The name of one of {@linkcode VARIABLES}. */
export type Variable = typeof VARIABLES[number];

/**
 * Reads a viewer's options from its variables. One that is empty counts as not set.
 *
 * @param get Gives the value of a variable.
 * @throws {RangeError} When one of them is wrong.
 */
export function readEnvironment(get: (name: Variable) => string | undefined): ViewerOptions {
  const text = (name: Variable) => get(name)?.trim() || undefined;
  const port = integer("VIEWER_PORT", text("VIEWER_PORT"), { least: 0, most: 65_535 });
  const memoryMb = integer("VIEWER_MEMORY_MB", text("VIEWER_MEMORY_MB"), MEGABYTES);
  const fileMb = integer("VIEWER_FILE_MB", text("VIEWER_FILE_MB"), MEGABYTES);
  const hostname = text("VIEWER_HOST");
  const token = text("VIEWER_TOKEN");
  const file = text("VIEWER_FILE");
  const origins = text("VIEWER_ALLOWED_ORIGINS");
  return {
    ...(port !== undefined && { port }),
    ...(hostname !== undefined && { hostname }),
    ...(token !== undefined && { token }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(file !== undefined && { file }),
    ...(fileMb !== undefined && { fileMb }),
    ...(origins !== undefined && { allowedOrigins: origins.split(",").map(parseOrigin) }),
  };
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const MEGABYTES: Bounds = { least: 16, most: 65_536 };

function integer(
  name: Variable,
  text: string | undefined,
  { least, most }: Bounds,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is "${text}": expected a whole number from ${least} to ${most}`);
}

function parseOrigin(text: string): string {
  const trimmed = text.trim();
  if (URL.canParse(trimmed)) {
    const url = new URL(trimmed);
    const isBare = url.pathname === "/" && url.search === "" && url.hash === "" &&
      url.username === "" && url.password === "";
    if (/^https?:$/.test(url.protocol) && isBare) return url.origin;
  }
  throw new RangeError(
    `VIEWER_ALLOWED_ORIGINS has "${trimmed}": expected origins as "http://localhost:8000", with commas between`,
  );
}
