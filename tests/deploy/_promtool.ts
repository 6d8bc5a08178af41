const installed = await new Deno.Command("promtool", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);

/** Defines a test that is skipped, and says so, where there is no promtool. */
export function promtoolTest(name: string, fn: () => Promise<void>): void {
  const reason = "skipped: promtool is not there, it comes with Prometheus";
  Deno.test({ name: installed ? name : `${name} (${reason})`, ignore: !installed, fn });
}

/** Runs promtool in the repository's root. */
export async function promtool(
  ...args: readonly string[]
): Promise<{ readonly success: boolean; readonly output: string }> {
  const { success, stdout, stderr } = await new Deno.Command("promtool", {
    args: [...args],
    cwd: new URL("../../", import.meta.url),
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
