import defer * as configuration from "@opentelemetry/configuration";
import type { ConfigurationModel } from "@opentelemetry/configuration";
import type { ReadVariable } from "../env.ts";
import { ConfigFileError } from "./config_file_error.ts";
import { type ConfigDocument, type KeyPath, keyText, shownValue } from "./document.ts";
import { fileKeyAt } from "./keys.ts";
import { withOwnEnvironment } from "./own_environment.ts";

/**
 * Has the standard's package read the file: it puts variables in and holds the outcome to the schema. What it
 * refuses is told with its line.
 *
 * @param document The same file as YAML, for the lines.
 * @param variables The variables that the file refers to.
 * @throws {ConfigFileError} When the schema does not allow what the file says.
 */
export function readModel(
  document: ConfigDocument,
  variables: Readonly<Record<string, string>>,
): ConfigurationModel {
  checkVersion(document);
  try {
    // The package knows the file by this variable alone.
    return withOwnEnvironment(
      { ...variables, OTEL_CONFIG_FILE: document.path },
      () => configuration.createConfigFactory().getConfigModel(),
    );
  } catch (error) {
    throw explained(document, error);
  }
}

/**
 * Gives the variables that the file refers to. One that the process may not read is not asked for, since that
 * would prompt; it counts as unset.
 *
 * @param document The file.
 * @param env Gives the value of a variable.
 * @param deny Called for each variable that may not be read.
 */
export function referredVariables(
  document: ConfigDocument,
  env: ReadVariable,
  deny: (name: string, problem: string) => void,
): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const name of new Set(document.references().map((reference) => reference.name))) {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state === "granted") {
      const value = env(name);
      if (value !== undefined) variables[name] = value;
    } else {
      deny(name, `no permission to read the variable (--allow-env=${name}); it counts as unset`);
    }
  }
  return variables;
}

/** The package says of a wrong version neither the line nor that the quotes are missing. */
function checkVersion(document: ConfigDocument): void {
  const entry = document.entries(document.root).find(({ key }) => key === "file_format");
  if (entry !== undefined) return;
  throw new ConfigFileError(document.path, `expected file_format: "1.1" at the top`, {
    position: { line: 1, column: 1 },
    key: "file_format",
  });
}

function explained(document: ConfigDocument, error: unknown): ConfigFileError {
  const message = error instanceof Error ? error.message : String(error);
  const at = (path: KeyPath, problem: string) =>
    new ConfigFileError(document.path, problem, {
      position: document.positionOf(path),
      key: keyText(path),
      cause: error,
    });
  if (message.includes("Unsupported file_format")) {
    const given = /Unsupported file_format: "([^"]*)"/.exec(message)?.[1];
    return at(["file_format"], `${shownValue(given)}: expected "1.0" or "1.1", in quotes`);
  }
  const reference = /invalid env var substitution: (.*)$/s.exec(message)?.[1];
  if (reference !== undefined) {
    return new ConfigFileError(
      document.path,
      `${
        shownValue(reference)
      } is no reference; expected \${NAME}, \${NAME:-default}, or $$ for a $`,
      { position: document.positionOfText(reference), cause: error },
    );
  }
  const findings = schemaFindings(message);
  const [first] = findings;
  if (first === undefined) return new ConfigFileError(document.path, message, { cause: error });
  const path = pathOf(first.pointer);
  const about = fileKeyAt(path)?.about;
  const problem = inOneSentence(
    findings.filter(({ pointer }) => pointer === first.pointer).map((finding) => finding.problem),
  );
  return at(path, about === undefined ? problem : `${problem}: ${about}`);
}

interface SchemaFinding {
  /** A JSON pointer. */
  readonly pointer: string;
  readonly problem: string;
}

/** The validator's lines, each a place and what must be there. */
function schemaFindings(message: string): SchemaFinding[] {
  return message.split("\n").flatMap((line) => {
    const [, pointer, problem] = /(?:^|: |^ +)((?:\/[^\s]*)?) (must .*)$/.exec(line) ?? [];
    return pointer === undefined || problem === undefined ? [] : [{ pointer, problem }];
  });
}

/** The validator tells of each type that a value could have been, and then that it is none of them. */
function inOneSentence(problems: readonly string[]): string {
  const types = problems.flatMap((problem) => /^must be ([a-z,]+)$/.exec(problem)?.[1] ?? []);
  if (types.length === 0) return [...new Set(problems)].join(", ");
  return `must be ${types.flatMap((type) => type.split(",")).join(" or ")}`;
}

function pathOf(pointer: string): KeyPath {
  return pointer.split("/").slice(1).map((part) => {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^\d+$/.test(key) ? Number(key) : key;
  });
}
