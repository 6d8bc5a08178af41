/** A place in the configuration file; both count from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/** What a {@linkcode ConfigFileError} says beside its sentence. */
export interface ConfigFileErrorOptions extends ErrorOptions {
  readonly position?: FilePosition | undefined;
  /** The key at fault, such as `tracer_provider.sampler`. */
  readonly key?: string | undefined;
}

/** Says why a configuration file cannot be used: the file, the line, the column, the key and what would be right. */
export class ConfigFileError extends Error {
  override readonly name = "ConfigFileError";
  /** The file's path, as it was given. */
  readonly file: string;
  readonly position: FilePosition | undefined;
  readonly key: string | undefined;

  /**
   * @param file The file's path.
   * @param problem What is wrong, and what would be right.
   * @param options Where it stands.
   */
  constructor(file: string, problem: string, options: ConfigFileErrorOptions = {}) {
    const { position, key, cause } = options;
    super(
      inFile(file, problem, { position, key }),
      cause === undefined ? undefined : { cause },
    );
    this.file = file;
    this.position = position;
    this.key = key;
  }
}

/** A sentence about a place in the file, which a terminal lets one click on. */
export function inFile(
  file: string,
  problem: string,
  { position, key }: Pick<ConfigFileErrorOptions, "position" | "key">,
): string {
  const place = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  return oneLine(`${place}: ${key ? `${quoted(key)}: ` : ""}${problem}`);
}

/**
 * A text of the file in a message: in quotes, short, and without what a terminal would obey.
 *
 * @param text The text.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- Control characters are what is taken out.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
