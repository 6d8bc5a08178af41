/** The part of a JSON Schema that the viewer's OpenAPI file uses. */
export interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly description?: string;
}

const KNOWN_KEYS = new Set([
  "$ref",
  "anyOf",
  "type",
  "enum",
  "const",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "description",
]);

/**
 * What is wrong with a value, by the path to it; empty when nothing is.
 *
 * @param schemas What `$ref` names, by its last part.
 */
export function findErrors(
  value: unknown,
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  path = "$",
): string[] {
  const unknown = Object.keys(schema).filter((key) => !KNOWN_KEYS.has(key));
  if (unknown.length > 0) throw new Error(`The schema at ${path} uses ${unknown.join(", ")}`);
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.split("/").at(-1) ?? ""];
    if (target === undefined) throw new Error(`There is no schema "${schema.$ref}"`);
    return findErrors(value, target, schemas, path);
  }
  if (schema.anyOf !== undefined) {
    const tries = schema.anyOf.map((option) => findErrors(value, option, schemas, path));
    return tries.some((errors) => errors.length === 0)
      ? []
      : [`${path} fits none: ${tries.map((errors) => errors[0]).join(" | ")}`];
  }
  if ("const" in schema && schema.const !== value) return [`${path} is not "${schema.const}"`];
  if (schema.enum?.includes(value) === false) return [`${path} is not one of ${schema.enum}`];
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => hasType(value, type))) {
    return [`${path} is not ${types.join(" or ")}`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, i) =>
      findErrors(item, schema.items ?? {}, schemas, `${path}[${i}]`)
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return findPropertyErrors(value, schema, schemas, path);
}

function findPropertyErrors(
  value: object,
  { properties = {}, required = [], additionalProperties = true }: Schema,
  schemas: Readonly<Record<string, Schema>>,
  path: string,
): string[] {
  const errors = required.filter((key) => !(key in value)).map((key) =>
    `${path}.${key} is missing`
  );
  for (const [key, item] of Object.entries(value)) {
    const property = properties[key];
    if (property !== undefined) {
      errors.push(...findErrors(item, property, schemas, `${path}.${key}`));
    } else if (!additionalProperties) errors.push(`${path}.${key} is not described`);
  }
  return errors;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      throw new Error(`Type "${type}" of a schema is unknown`);
  }
}
