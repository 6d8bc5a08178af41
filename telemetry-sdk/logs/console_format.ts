/** How the console itself shows a value, without colours. */
const INSPECT_OPTIONS: Deno.InspectOptions = { colors: false, depth: 4 };

/**
 * The text that the console would print: the first argument's `%s` and the like filled in, the rest shown one
 * after the other. Never throws.
 *
 * @param args What the console was given.
 */
export function formatConsole(args: readonly unknown[]): string {
  const [first, ...rest] = args;
  if (typeof first !== "string") return args.map(shown).join(" ");
  let used = 0;
  const filled = first.replace(/%([sdifjoOc%])/g, (placeholder, kind: string) => {
    if (kind === "%") return "%";
    if (used >= rest.length) return placeholder;
    const value = rest[used++];
    return filledIn(kind, value);
  });
  return [filled, ...rest.slice(used).map(shown)].join(" ");
}

function filledIn(kind: string, value: unknown): string {
  try {
    switch (kind) {
      case "s":
        return String(value);
      case "d":
      case "i":
        return typeof value === "bigint" ? `${value}n` : String(parseInt(String(value), 10));
      case "f":
        return String(parseFloat(String(value)));
      case "j":
        return String(JSON.stringify(value));
      case "c":
        return "";
      default:
        return shown(value);
    }
  } catch {
    return shown(value);
  }
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return Deno.inspect(value, INSPECT_OPTIONS);
  } catch {
    // A custom inspection of the application's own that fails.
    return "[unprintable]";
  }
}
