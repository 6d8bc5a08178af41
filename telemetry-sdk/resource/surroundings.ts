import { EnvironmentReader } from "../config/env.ts";
import type { MissingPermission } from "./missing.ts";

/** What a detector looks at; a test can put something else in its place. */
export interface Sources {
  /** The operating system, as Deno calls it. */
  readonly os: typeof Deno.build.os;
  /** The machine's name. */
  readonly hostname: () => string;
  /** Reads a text file; throws where it cannot. */
  readonly readFile: (path: string) => string;
  /** The value of a variable, or `undefined` where there is none. */
  readonly readVariable: (name: string) => string | undefined;
  /** Whether something may be done; never prompts. */
  readonly isGranted: (permission: Deno.PermissionDescriptor) => boolean;
}

/** Something about the system that has a permission of its own. */
export type SystemKind = NonNullable<Deno.SysPermissionDescriptor["kind"]>;

/** What is to be found out from the system. */
export interface SystemQuestion {
  /** The permissions that it needs. */
  readonly kinds: readonly SystemKind[];
  readonly look: () => string | null;
}

/** These are known of every process, so that somebody may miss them. */
const EXPECTED = new Set(["host.name", "os.version"]);

const REAL: Sources = {
  os: Deno.build.os,
  hostname: Deno.hostname,
  readFile: Deno.readTextFileSync,
  readVariable: (name) => new EnvironmentReader().read(name),
  isGranted: (permission) => Deno.permissions.querySync(permission).state === "granted",
};

/**
 * What the process may find out about the place where it runs. Nothing here throws or prompts: what may not be
 * looked at counts as not there and is remembered.
 */
export class Surroundings {
  readonly #sources: Sources;
  readonly #files = new Map<string, string | undefined>();
  readonly #missing = new Map<string, MissingPermission>();

  /** @param sources What a test puts in the place of the real ones. */
  constructor(sources: Partial<Sources> = {}) {
    this.#sources = { ...REAL, ...sources };
  }

  /** What could not be found out for want of a permission. */
  get missing(): readonly MissingPermission[] {
    return [...this.#missing.values()];
  }

  /** Whether this is Linux, where the files are that describe a machine. */
  get isLinux(): boolean {
    return this.#sources.os === "linux";
  }

  /**
   * Reads a file.
   *
   * @param attribute What it is needed for.
   * @param path Where it is.
   */
  file(attribute: string, path: string): string | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const text = this.#read(attribute, path);
    this.#files.set(path, text);
    return text;
  }

  #read(attribute: string, path: string): string | undefined {
    // Deno keeps `/proc` to those who may do everything, and says "granted" for it to others as well.
    const flag = path.startsWith("/proc/") ? "--allow-all" : `--allow-read=${path}`;
    if (!this.#sources.isGranted({ name: "read", path })) return this.#miss(attribute, flag);
    try {
      return this.#sources.readFile(path);
    } catch (error) {
      return error instanceof Deno.errors.NotCapable ? this.#miss(attribute, flag) : undefined;
    }
  }

  /**
   * Reads a variable.
   *
   * @param attribute What it is needed for.
   * @param name The variable's name.
   */
  variable(attribute: string, name: string): string | undefined {
    if (!this.#sources.isGranted({ name: "env", variable: name })) {
      return this.#miss(attribute, `--allow-env=${name}`);
    }
    return this.#sources.readVariable(name);
  }

  /** The machine's name, for an attribute that needs it. */
  hostname(attribute: string): string | undefined {
    return this.system(attribute, { kinds: ["hostname"], look: this.#sources.hostname });
  }

  /**
   * Asks the system.
   *
   * @param attribute What it is needed for.
   * @param question What to ask, and what that needs.
   */
  system(attribute: string, { kinds, look }: SystemQuestion): string | undefined {
    if (!kinds.every((kind) => this.#sources.isGranted({ name: "sys", kind }))) {
      return this.#miss(attribute, `--allow-sys=${kinds.join(",")}`);
    }
    try {
      return look() ?? undefined;
    } catch {
      return undefined;
    }
  }

  #miss(attribute: string, flag: string): undefined {
    const optional = !EXPECTED.has(attribute);
    this.#missing.set(`${attribute} ${flag}`, { attribute, flag, optional });
  }
}
