import type { ModelDefinition } from "./definition.ts";
import { ValidationError } from "./errors.ts";

const RESERVED = ["id", "createdAt", "updatedAt"];

/**
 * Checks data by a model's schema.
 *
 * @returns What the schema made of it.
 * @throws {ValidationError} When the schema refuses it.
 * @throws {TypeError} When the schema gives no object, or one with a field that every record has.
 */
export async function validate<Input, Data extends object, Index extends string>(
  { name, schema }: ModelDefinition<Input, Data, Index>,
  input: unknown,
): Promise<Data> {
  const result = await schema["~standard"].validate(input);
  if (result.issues !== undefined) throw new ValidationError(name, result.issues);
  const data = result.value;
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new TypeError(`The schema of "${name}" gives no object: expected one of named fields`);
  }
  for (const field of RESERVED) {
    if (field in data) {
      throw new TypeError(
        `The schema of "${name}" has the field "${field}", which every record has by itself`,
      );
    }
  }
  return data;
}
