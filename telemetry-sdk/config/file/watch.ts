import type { ReadVariable } from "../env.ts";
import type { TelemetryConfig } from "../schema.ts";
import type { TracesConfig } from "../traces_schema.ts";
import { ConfigFileError, inFile } from "./config_file_error.ts";
import { configFromFile, type FileConfig } from "./from_file.ts";

/** The settings that follow an edit; what the file does not say is undefined. */
export interface FollowedSettings {
  readonly sampler: TracesConfig["sampler"];
  readonly samplerRatio: TracesConfig["samplerRatio"];
  readonly diagnosticLevel: TelemetryConfig["diagnosticLevel"];
  readonly minimumSeverity: NonNullable<TelemetryConfig["logs"]>["minimumSeverity"];
}

/** Which of the settings an edit changed. A sampler is an object, of which nobody can tell whether it does the same. */
export type FollowedChanges = ReadonlySet<"sampler" | "diagnosticLevel" | "minimumSeverity">;

/** How a file is watched. */
export interface WatchOptions {
  /** What the file says now. */
  readonly current: FileConfig;
  /** Gives the variables that the file refers to. */
  readonly env: ReadVariable;
  /** Called when an edit changed what can be followed: with the settings, the whole file, and what is new. */
  readonly onChange: (
    settings: FollowedSettings,
    file: FileConfig,
    changed: FollowedChanges,
  ) => void;
  /** Where a line goes about an edit that cannot be followed. */
  readonly say: (line: string) => void;
  /** How often the file is looked at; every two seconds unless told. */
  readonly intervalMillis?: number;
}

/** A file that is watched, until it is closed. */
export interface WatchedFile {
  close(): void;
}

const DEFAULT_INTERVAL_MILLIS = 2000;

/**
 * Looks at the file from time to time, and tells of edits. A bad edit is one line, and the settings before it
 * stay. It needs no permission but to read the file, follows a file that an editor puts in the place of the old
 * one, and keeps no process alive.
 *
 * @param path The file's path.
 * @param options Whom to tell.
 */
export function watchConfigFile(path: string, options: WatchOptions): WatchedFile {
  const watch = new Watch(path, options);
  const timer = setInterval(() => watch.look(), options.intervalMillis ?? DEFAULT_INTERVAL_MILLIS);
  Deno.unrefTimer(timer);
  return { close: () => clearInterval(timer) };
}

/** What counts now, and how the file looked when that was read. */
class Watch {
  readonly #path: string;
  readonly #options: WatchOptions;
  #current: FileConfig;
  #stamp: string | undefined;

  constructor(path: string, options: WatchOptions) {
    this.#path = path;
    this.#options = options;
    this.#current = options.current;
  }

  /** Reads the file again if it looks different; never throws. */
  look(): void {
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    const { env, say } = this.#options;
    try {
      this.#follow(configFromFile({ path: this.#path, env }));
    } catch (error) {
      const problem = error instanceof ConfigFileError
        ? error.message
        : `a changed setting cannot be followed: ${error instanceof Error ? error.message : error}`;
      say(`${problem}; the settings before this edit stay`);
    }
  }

  #follow(next: FileConfig): void {
    const before = this.#current;
    this.#current = next;
    const { onChange, say } = this.#options;
    const [was, is] = [parts(before), parts(next)];
    if (was.other !== is.other) {
      for (const warning of next.warnings) say(warning);
      say(inFile(
        this.#path,
        "of this edit the sampler and the levels count at once, the rest at the next start",
        {},
      ));
    }
    const changed = new Set(FOLLOWED.filter((setting) => was[setting] !== is[setting]));
    if (changed.size > 0) onChange(followedSettings(next), next, changed);
  }
}

/**
 * What a file says about the settings that can be followed.
 *
 * @param file The file.
 */
export function followedSettings({ config }: FileConfig): FollowedSettings {
  return {
    sampler: config.traces?.sampler,
    samplerRatio: config.traces?.samplerRatio,
    diagnosticLevel: config.diagnosticLevel,
    minimumSeverity: config.logs?.minimumSeverity,
  };
}

const FOLLOWED = ["sampler", "diagnosticLevel", "minimumSeverity"] as const;

/** The file in texts, one for each setting that is followed and one for the rest. */
function parts(
  { model, config }: FileConfig,
): Record<typeof FOLLOWED[number] | "other", string | undefined> {
  const { log_level: level, tracer_provider: tracer, logger_provider: logger, ...rest } = model;
  const { sampler, ...otherTraces } = tracer ?? {};
  const { "logger_configurator/development": configurator, ...otherLogs } = logger ?? {};
  return {
    sampler: JSON.stringify(sampler),
    diagnosticLevel: JSON.stringify(level),
    minimumSeverity: config.logs?.minimumSeverity,
    other: JSON.stringify([
      rest,
      tracer && otherTraces,
      logger && otherLogs,
      withoutDefaultSeverity(configurator),
    ]),
  };
}

/** Where no logger has rules of its own, the severity is followed and the rest is not. */
function withoutDefaultSeverity(
  configurator: NonNullable<FileConfig["model"]["logger_provider"]>[
    "logger_configurator/development"
  ],
): unknown {
  if (configurator?.loggers) return configurator;
  const { minimum_severity: _, ...others } = configurator?.default_config ?? {};
  return others;
}

function stampOf(path: string): string {
  try {
    const { mtime, size, ino } = Deno.statSync(path);
    return `${mtime?.getTime()} ${size} ${ino}`;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
