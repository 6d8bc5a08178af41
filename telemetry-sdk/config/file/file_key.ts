/** One key of the file: what it says, and where it leads. */
export interface FileKey {
  /** What it says, for the reference and for errors. */
  readonly about: string;
  /** The option in code that says the same. */
  readonly option?: string;
  /** The keys that stand below it, or, where it is a list, in each of its items. */
  readonly section?: () => FileSection;
  /** Whether it is a list. */
  readonly list?: true;
  /** Why it has no effect here; said where it is given. */
  readonly unused?: string;
  /** Why a file that has it is refused: without it, other data would go out, or to somewhere else. */
  readonly refused?: string;
}

/** The keys that may stand together. */
export interface FileSection {
  readonly keys: Readonly<Record<string, FileKey>>;
  /** Whether the schema leaves room for names of others; who reads the section then refuses them. */
  readonly open?: true;
}

/** The keys that a type names, without those that it merely allows. */
type NamedKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: unknown };

/**
 * Writes a section down; the compiler holds it to the model of the standard's package, key by key.
 *
 * @param keys The keys.
 */
export function section<Model>(
  keys: { readonly [K in NamedKeys<NonNullable<Model>>]-?: FileKey },
): FileSection {
  return { keys };
}

/** A section in which a name of somebody else's may stand, by the schema. */
export function openSection<Model>(
  keys: { readonly [K in NamedKeys<NonNullable<Model>>]-?: FileKey },
): FileSection {
  return { keys, open: true };
}
