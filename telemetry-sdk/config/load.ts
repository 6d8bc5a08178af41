import { loadCertificates } from "./certificates.ts";
import type { Source } from "./contradictions.ts";
import { EnvironmentReader, type ReadVariable } from "./env.ts";
// Deferred, so that a file's parser is loaded by those only who configure a file.
import defer * as files from "./file/from_file.ts";
import type { FileConfig } from "./file/from_file.ts";
import defer * as watching from "./file/watch.ts";
import type { FollowedChanges } from "./file/watch.ts";
import { configFromCode } from "./from_code.ts";
import { configFromEnv } from "./from_env.ts";
import { withinPermissions } from "./permissions.ts";
import { resolveConfig } from "./resolve.ts";
import type { ResolvedConfig } from "./resolved.ts";
import type { TelemetryConfig } from "./schema.ts";

/** The configuration that counts, and what is to be said about it. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** One sentence per mistake. */
  readonly warnings: readonly string[];
  /** What the process may not do, and the flag that would allow it. */
  readonly missing: readonly string[];
  /** The configuration file, where its edits are to be followed. */
  readonly file?: FollowedFile;
}

/** A configuration file that is to be followed. */
export interface FollowedFile {
  readonly path: string;
  /**
   * Tells of edits that can be followed while running.
   *
   * @param onChange Gets the configuration as it is then, and which of it the edit changed.
   * @param say Where a line goes about an edit that cannot be followed.
   * @returns Ends the telling.
   */
  follow(
    onChange: (config: ResolvedConfig, changed: FollowedChanges) => void,
    say: (line: string) => void,
  ): () => void;
}

/**
 * Brings the configuration together from code, the file and the environment, within the permissions that the
 * process has.
 *
 * @param code What the application gave.
 * @throws {Error} When there is a configuration file that cannot be read or says what cannot be.
 */
export function loadConfig(code: TelemetryConfig): LoadedConfig {
  const reader = new EnvironmentReader();
  const env: ReadVariable = (name) => reader.read(name);
  const fromCode = configFromCode(code);
  const fromEnv = configFromEnv(env);
  const path = fromCode.config.configFile ?? fromEnv.config.configFile;
  const current = path === undefined ? undefined : files.configFromFile({ path, env });
  const sourcesWith = (file: FileConfig | undefined): Source[] => [
    { name: "code", ...fromCode },
    ...(file ? [{ name: "the file", ...file } as const] : []),
    { name: "environment", ...fromEnv },
    ...(file ? [{ name: "the file", config: file.defaults, warnings: [] } as const] : []),
  ];
  const resolved = resolveConfig(sourcesWith(current));
  const { config: permitted, missing } = withinPermissions(resolved.config, reader.denied);
  const { config, warnings } = loadCertificates(permitted);
  const isFollowed = fromCode.config.watchConfigFile ?? fromEnv.config.watchConfigFile ?? false;
  return {
    config,
    warnings: [...resolved.warnings, ...warnings],
    missing,
    ...(isFollowed && path !== undefined && current !== undefined && {
      file: {
        path,
        follow(onChange, say) {
          const watched = watching.watchConfigFile(path, {
            current,
            env,
            say,
            onChange: (_, edited, changed) =>
              onChange(resolveConfig(sourcesWith(edited)).config, changed),
          });
          return () => watched.close();
        },
      },
    }),
  };
}
