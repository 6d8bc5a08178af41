import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readRepositoryFile } from "./_queries.ts";

/** One instruction of the Dockerfile. */
export interface Instruction {
  /** Such as `COPY`. */
  readonly name: string;
  /** What follows it, its lines joined. */
  readonly text: string;
}

/** The Dockerfile's instructions, in order. */
export async function readDockerfile(): Promise<Instruction[]> {
  const text = await readRepositoryFile("Dockerfile");
  return text
    .split("\n").filter((line) => !line.startsWith("#")).join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n").filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest };
    });
}

/**
 * The words of an instruction that runs a program without a shell.
 *
 * @throws {SyntaxError} When it runs one by a shell.
 */
export function execForm(text: string): [string, ...string[]] {
  return JSON.parse(text);
}

/** The values of `ENV NAME=value …`. */
export function environmentOf(instructions: readonly Instruction[]): Record<string, string> {
  const pairs = instructions.filter(({ name }) => name === "ENV")
    .flatMap(({ text }) => [...text.matchAll(/(\w+)=(\S+)/g)])
    .map(([, name = "", value = ""]) => [name, value]);
  return Object.fromEntries(pairs);
}

/** The files of a folder that .dockerignore leaves, as paths from there. */
export async function buildContext(root: URL): Promise<string[]> {
  const rules = (await readRepositoryFile(".dockerignore")).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ kept: line.startsWith("!"), pattern: globOf(line.replace(/^!/, "")) }));
  const isKept = (path: string) => {
    const parts = path.split("/");
    const levels = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    // The last rule that says something about the file, or about a folder that it is in.
    const rule = rules.findLast(({ pattern }) => levels.some((level) => pattern.test(level)));
    return rule?.kept ?? true;
  };
  const folder = fileURLToPath(root);
  const found: string[] = [];
  const walk = async (at: string) => {
    for await (const { name, isDirectory } of Deno.readDir(at)) {
      const path = `${at}/${name}`;
      if (name === ".git" || name === "node_modules") continue;
      if (isDirectory) await walk(path);
      else if (isKept(relative(folder, path))) found.push(relative(folder, path));
    }
  };
  await walk(folder.replace(/\/$/, ""));
  return found.sort();
}

/** A pattern of .dockerignore. Unlike in a shell, an asterisk also stands for a dot at the start. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^$(){}|[\]\\]/g, "\\$&")
    .replaceAll(/\*\*\/|\*/g, (stars) => stars === "*" ? "[^/]*" : "(?:.*/)?");
  return new RegExp(`^${source}$`);
}
