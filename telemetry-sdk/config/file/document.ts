import defer * as yaml from "yaml";
import type { Document, LineCounter, Node, Pair } from "yaml";
import { ConfigFileError, type FilePosition, quoted } from "./config_file_error.ts";
import { withOwnEnvironment } from "./own_environment.ts";

/** The way to a value: keys of mappings, and places in lists. */
export type KeyPath = readonly (string | number)[];

/** A reference to a variable, and where it stands. */
export interface VariableReference {
  readonly name: string;
  readonly position: FilePosition;
}

/** A key of a mapping, and what stands there. */
export interface DocumentEntry {
  readonly key: string;
  readonly position: FilePosition;
  readonly value: unknown;
}

/** The file as YAML, which knows the line of every key. */
export class ConfigDocument {
  /** The file's path, as it was given. */
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  /**
   * @param path The file's path.
   * @param text What stands in it.
   * @throws {ConfigFileError} When it is no YAML 1.2, or gives a key twice.
   */
  constructor(path: string, text: string) {
    this.path = path;
    this.#lines = new yaml.LineCounter();
    this.#document = withOwnEnvironment({}, () =>
      yaml.parseDocument(text, {
        version: "1.2",
        lineCounter: this.#lines,
        prettyErrors: false,
      }));
    const [problem] = [...this.#document.errors, ...this.#document.warnings];
    if (problem !== undefined) {
      throw new ConfigFileError(path, `this is not sound YAML: ${problem.message}`, {
        position: this.#position(problem.pos[0]),
      });
    }
    if (!yaml.isMap(this.#document.contents)) {
      throw new ConfigFileError(path, `expected keys, the first of them file_format: "1.1"`);
    }
  }

  /** The outermost mapping. */
  get root(): unknown {
    return this.#document.contents;
  }

  /**
   * Where a value stands: at its key, or, where that is not in the file, at the last key before it.
   *
   * @param path The way to it.
   */
  positionOf(path: KeyPath): FilePosition {
    let node: unknown = this.root;
    let offset = 0;
    for (const key of path) {
      const next = this.#child(node, key);
      if (next === undefined) break;
      offset = next.offset;
      node = next.node;
    }
    return this.#position(offset);
  }

  /**
   * The keys of a mapping; nothing where it is none.
   *
   * @param node A node of this document.
   * @throws {ConfigFileError} When a key is no text.
   */
  entries(node: unknown): DocumentEntry[] {
    const map = this.#resolve(node);
    if (!yaml.isMap(map)) return [];
    return map.items.map((pair: Pair) => {
      const position = this.#position(startOf(pair.key));
      if (!yaml.isScalar(pair.key) || typeof pair.key.value !== "string") {
        throw new ConfigFileError(this.path, "expected a text as the key", { position });
      }
      return { key: pair.key.value, position, value: pair.value };
    });
  }

  /**
   * The items of a list; nothing where it is none.
   *
   * @param node A node of this document.
   */
  items(node: unknown): readonly unknown[] {
    const list = this.#resolve(node);
    return yaml.isSeq(list) ? list.items : [];
  }

  /**
   * What stands below one of the outermost keys, where it is a single value.
   *
   * @param key The key.
   */
  scalar(key: string): unknown {
    const node = this.#resolve(this.#child(this.root, key)?.node);
    return yaml.isScalar(node) ? node.value : undefined;
  }

  /** The variables that values refer to; keys are not looked at. */
  references(): VariableReference[] {
    const found: VariableReference[] = [];
    this.#eachText((text, position) => {
      // `$$` stands for a `$` that refers to nothing.
      for (const [, name] of text.replaceAll("$$", "").matchAll(REFERENCE)) {
        if (name !== undefined) found.push({ name, position });
      }
    });
    return found;
  }

  /**
   * Where a text occurs in a value for the first time.
   *
   * @param part The text.
   */
  positionOfText(part: string): FilePosition | undefined {
    let found: FilePosition | undefined;
    this.#eachText((text, position) => {
      if (text.includes(part)) found ??= position;
    });
    return found;
  }

  #eachText(visit: (text: string, position: FilePosition) => void): void {
    yaml.visit(this.#document, {
      Scalar: (key, node) => {
        if (key !== "key" && typeof node.value === "string") {
          visit(node.value, this.#position(startOf(node)));
        }
      },
    });
  }

  #child(parent: unknown, key: string | number): { node: unknown; offset: number } | undefined {
    const node = this.#resolve(parent);
    if (yaml.isMap(node)) {
      const pair = node.items.find(({ key: known }) =>
        yaml.isScalar(known) && String(known.value) === String(key)
      );
      return pair && { node: pair.value, offset: startOf(pair.key) };
    }
    if (!yaml.isSeq(node)) return undefined;
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }

  #resolve(node: unknown): Node | undefined {
    if (yaml.isAlias(node)) return node.resolve(this.#document);
    return yaml.isNode(node) ? node : undefined;
  }

  #position(offset: number): FilePosition {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

const REFERENCE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)/g;

function startOf(node: unknown): number {
  return yaml.isNode(node) ? node.range?.[0] ?? 0 : 0;
}

/**
 * A path as it is written in messages: `tracer_provider.processors[0].batch`.
 *
 * @param path The path.
 */
export function keyText(path: KeyPath): string {
  return path.map((key, index) =>
    typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`
  ).join("");
}

/** A value of the file in a message: in quotes and short. */
export function shownValue(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}
