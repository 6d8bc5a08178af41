/** What a source says that its imports alone do not show. */
export interface SourceFindings {
  /** `export *` and default exports: each hides what a module offers. */
  readonly vagueExports: readonly string[];
  /** Every specifier that the source imports, re-exports or takes a type from, as written. */
  readonly specifiers: readonly string[];
}

/**
 * Reads a source by the linter's own parser, so that neither a comment nor a text that looks like
 * code is taken for code.
 */
export function inspectSource(path: string, source: string): SourceFindings {
  const vagueExports: string[] = [];
  const specifiers: string[] = [];
  const take = (node: Deno.lint.Node | null) => {
    if (node?.type === "Literal" && typeof node.value === "string") {
      specifiers.push(node.value);
    }
  };
  const plugin: Deno.lint.Plugin = {
    name: "architecture",
    rules: {
      inspect: {
        create: () => ({
          ExportAllDeclaration(node) {
            vagueExports.push("export *");
            take(node.source);
          },
          ExportDefaultDeclaration() {
            vagueExports.push("export default");
          },
          ExportSpecifier({ exported }) {
            const name = exported.type === "Identifier" ? exported.name : exported.value;
            if (name === "default") vagueExports.push("export as default");
          },
          ExportNamedDeclaration(node) {
            take(node.source);
          },
          ImportDeclaration(node) {
            take(node.source);
          },
          ImportExpression(node) {
            take(node.source);
          },
          TSImportType({ argument }) {
            take(argument.type === "TSLiteralType" ? argument.literal : null);
          },
        }),
      },
    },
  };
  Deno.lint.runPlugin(plugin, path, source);
  return { vagueExports, specifiers };
}
