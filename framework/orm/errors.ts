import type { StandardSchemaV1 } from "@standard-schema/spec";

/** Data that a model's schema refuses. Nothing was written. */
export class ValidationError extends TypeError {
  override readonly name = "ValidationError";
  /** The model's name. */
  readonly model: string;
  /** What is wrong, and where, as the schema says it. */
  readonly issues: readonly StandardSchemaV1.Issue[];

  /**
   * @param model The model's name.
   * @param issues What the schema found.
   */
  constructor(model: string, issues: readonly StandardSchemaV1.Issue[]) {
    super(`The data of a "${model}" does not fit its schema: ${issues.map(describe).join("; ")}`);
    this.model = model;
    this.issues = issues;
  }
}

function describe({ path = [], message }: StandardSchemaV1.Issue): string {
  const place = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return place === "" ? message : `"${place}": ${message}`;
}

/** Another record has the value already. Nothing was written. */
export class UniqueConstraintError extends Error {
  override readonly name = "UniqueConstraintError";
  /** The model's name. */
  readonly model: string;
  /** The unique index, or `id`. */
  readonly index: string;

  /**
   * @param model The model's name.
   * @param index The unique index, or `id`. The value stays out: it may be a person's address.
   */
  constructor(model: string, index: string) {
    super(`Cannot save the "${model}": another one has the same "${index}"`);
    this.model = model;
    this.index = index;
  }
}

/** There is no record with that id. */
export class RecordNotFoundError extends Error {
  override readonly name = "RecordNotFoundError";
  /** The model's name. */
  readonly model: string;
  /** The id that was asked for. */
  readonly id: string;

  /**
   * @param model The model's name.
   * @param id The id that was asked for.
   */
  constructor(model: string, id: string) {
    super(`There is no "${model}" with the id "${id}"`);
    this.model = model;
    this.id = id;
  }
}

/** Others kept changing the same record for as long as it was tried. Nothing was written. */
export class WriteConflictError extends Error {
  override readonly name = "WriteConflictError";
  /** The model's name. */
  readonly model: string;
  /** How often it was tried. */
  readonly attempts: number;

  /**
   * @param model The model's name.
   * @param attempts How often it was tried.
   */
  constructor(model: string, attempts: number) {
    super(
      `Cannot save the "${model}": each of ${attempts} attempts met a change made meanwhile. ` +
        'Try again later, or allow more with "retry.attempts"',
    );
    this.model = model;
    this.attempts = attempts;
  }
}

/** A stored record that cannot be brought to the model's version. It stays as it is. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  /** The model's name. */
  readonly model: string;
  /** The version that is stored. */
  readonly storedVersion: number;

  /**
   * @param message What is wrong with it.
   * @param details The model, the stored version, and the error underneath.
   */
  constructor(
    message: string,
    details: { readonly model: string; readonly storedVersion: number; readonly cause?: unknown },
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.model = details.model;
    this.storedVersion = details.storedVersion;
  }
}

/** A cursor that did not come from a page. */
export class InvalidCursorError extends TypeError {
  override readonly name = "InvalidCursorError";
  /** The model's name. */
  readonly model: string;

  /**
   * @param model The model's name.
   * @param cause What KV said of the cursor.
   */
  constructor(model: string, cause: unknown) {
    super(
      `The cursor is none of a list of "${model}": expected the "cursor" of a page, unchanged`,
      { cause },
    );
    this.model = model;
  }
}
