import type { OptionPath, OptionValue } from "../options.ts";
import { SETTINGS } from "../settings.ts";
import { ConfigFileError, inFile } from "./config_file_error.ts";
import { type ConfigDocument, type KeyPath, keyText, shownValue } from "./document.ts";

/** What is being read, and what is to be said about it. */
export interface Reading {
  readonly document: ConfigDocument;
  readonly warnings: string[];
}

/** A value as the file may hold it where one value is expected. */
export type FileScalar = string | number | boolean | null | undefined;

/** A place in the file: it says its line and key wherever something is wrong there. */
export class FilePlace {
  readonly #reading: Reading;
  readonly #path: KeyPath;

  /**
   * @param reading What is being read.
   * @param path The way to the place.
   */
  constructor(reading: Reading, path: KeyPath = []) {
    this.#reading = reading;
    this.#path = path;
  }

  /**
   * A place below this one.
   *
   * @param keys The way to it from here.
   */
  at(...keys: KeyPath): FilePlace {
    return new FilePlace(this.#reading, [...this.#path, ...keys]);
  }

  /**
   * Refuses the file for what stands here.
   *
   * @param problem What is wrong, and what would be right.
   * @throws {ConfigFileError} Always.
   */
  refuse(problem: string): never {
    throw new ConfigFileError(this.#reading.document.path, problem, this.#where);
  }

  /**
   * Says something about what stands here; the file still counts.
   *
   * @param problem What is wrong, and what becomes of it.
   */
  warn(problem: string): void {
    const { document, warnings } = this.#reading;
    warnings.push(inFile(document.path, problem, this.#where));
  }

  /**
   * Reads a value by the same parser that reads its variable.
   *
   * @param option The option that the value is for.
   * @param value The value; null and the empty text say nothing, as an empty variable does.
   * @throws {ConfigFileError} When the option cannot be that.
   */
  option<P extends OptionPath>(option: P, value: FileScalar): OptionValue<P> | undefined {
    if (value === undefined || value === null || value === "") return undefined;
    const setting = SETTINGS.find((known) => known.option === option);
    if (setting === undefined) throw new TypeError(`Option ${option} has no parser`);
    const parsed = setting.parse(String(value));
    if (parsed.problem !== undefined) {
      const shown = setting.secret === true
        ? "(not shown)"
        : shownValue(typeof value === "string" ? setting.show?.(value) ?? value : value);
      this.refuse(`${shown}: ${parsed.problem}`);
    }
    // The table's own type has been forgotten by its list; a setting parses what its option holds.
    return parsed.value as OptionValue<P>;
  }

  get #where() {
    return {
      position: this.#reading.document.positionOf(this.#path),
      key: keyText(this.#path),
    };
  }
}
