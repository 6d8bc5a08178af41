/** The program that opens an address, by operating system. */
const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  linux: ["xdg-open"],
  windows: ["cmd", "/c", "start"],
};

/** Whether somebody sits in front of this program who could look at a browser. */
export function hasBrowser(): boolean {
  if (!Deno.stdout.isTerminal()) return false;
  if (Deno.build.os !== "linux") return true;
  return ["DISPLAY", "WAYLAND_DISPLAY"].some((name) => Boolean(Deno.env.get(name)));
}

/** Opens an address; where that is not possible, the printed address is all there is. */
export async function openBrowser(url: string): Promise<void> {
  const opener = OPENERS[Deno.build.os];
  if (opener === undefined) return;
  const [program, ...args] = opener;
  try {
    await new Deno.Command(program, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  } catch {
    // There is no such program here.
  }
}
