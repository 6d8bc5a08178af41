import { delimiter, dirname, join } from "node:path";
import { CollectorUnavailableError } from "./unavailable_error.ts";

/** The first Go that can fetch a newer one by itself. */
const OLDEST_GO = { major: 1, minor: 21 };

/** A Go that runs here. */
export interface GoToolchain {
  /** Where its program is. */
  readonly path: string;
  /** What it says of itself, such as `go1.26.0`. */
  readonly version: string;
}

/** How a program ended that was run to its end. */
interface Finished {
  readonly success: boolean;
  readonly output: string;
}

/**
 * What is passed on to Go and to the builder. The builder takes every other variable for a setting of
 * its own: one named `EXTENSIONS` would replace the manifest's.
 */
const PASSED_ON =
  /^(?:GO[A-Z0-9]*|PATH|PATHEXT|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|XDG_\w+|SSL_CERT_\w+|(?:HTTPS?|NO|ALL)_PROXY)$/i;

/** Where Go is looked for: on the path, then where its own installers put it. */
export function goCandidates(): string[] {
  const file = Deno.build.os === "windows" ? "go.exe" : "go";
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter).filter((folder) => folder !== "");
  const goRoot = Deno.env.get("GOROOT");
  if (goRoot !== undefined && goRoot !== "") folders.push(join(goRoot, "bin"));
  folders.push("/usr/local/go/bin", "C:\\Program Files\\Go\\bin");
  return folders.map((folder) => join(folder, file));
}

/**
 * Finds a Go that is new enough.
 *
 * @param candidates The programs to try, in this order.
 * @throws {CollectorUnavailableError} Where there is none. Its message says what to install.
 */
export async function findGo(candidates: readonly string[]): Promise<GoToolchain> {
  const tooOld: string[] = [];
  for (const path of candidates) {
    const answer = await answerOf(path);
    const match = /\bgo(\d+)\.(\d+)\S*/.exec(answer ?? "");
    if (match === null) continue;
    const [version, major, minor] = match;
    const newer = Number(major) - OLDEST_GO.major || Number(minor) - OLDEST_GO.minor;
    if (newer >= 0) return { path, version };
    tooOld.push(`${version} at "${path}"`);
  }
  const oldest = `${OLDEST_GO.major}.${OLDEST_GO.minor}`;
  const found = tooOld.length === 0
    ? "no Go was found on PATH, in GOROOT or in /usr/local/go"
    : `only ${tooOld.join(", ")} was found`;
  throw new CollectorUnavailableError(
    `The collector is built by the OpenTelemetry project's own builder, which is a Go program, and ${found}. ` +
      `Install Go ${oldest} or later from https://go.dev/dl/ (an older one than the collector needs fetches the ` +
      `right one by itself), or run the image "otel/opentelemetry-collector-contrib" of the version that ` +
      `deploy/collector/manifest.yaml names`,
  );
}

async function answerOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(path, { args: ["version"], stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return undefined;
  }
}

/**
 * Runs Go, or a program that itself runs Go, to its end.
 *
 * @param go The Go that is used, also by what the program starts.
 * @param command The program and its arguments.
 * @param env Variables for it, besides those of this process that Go knows.
 */
export async function runWithGo(
  go: GoToolchain,
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Finished> {
  const inherited = Object.entries(Deno.env.toObject()).filter(([name]) => PASSED_ON.test(name));
  const path = [dirname(go.path), Deno.env.get("PATH") ?? ""].join(delimiter);
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    clearEnv: true,
    env: {
      ...Object.fromEntries(inherited),
      PATH: path,
      CGO_ENABLED: "0",
      // Some distributions forbid it in Go's own settings; only the user's shell is obeyed here.
      GOTOOLCHAIN: Deno.env.get("GOTOOLCHAIN") ?? "auto",
      ...env,
    },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: (decoder.decode(stdout) + decoder.decode(stderr)).trim() };
}
