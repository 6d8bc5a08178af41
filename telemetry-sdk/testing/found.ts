/** Which spans, or log records, are meant: a text, or a predicate. */
export type Query<Item> = string | ((item: Item) => boolean);

/** How items are looked up, and told in an error. */
export interface Lookup<Item> {
  readonly items: readonly Item[];
  /** What one of them is called, such as `span`. */
  readonly what: string;
  /** Whether a text means this item. */
  readonly isCalled: (item: Item, text: string) => boolean;
  /** The item in a few words. */
  readonly tell: (item: Item) => string;
  /** What else there is to say when none is found. */
  readonly besides?: string;
}

/** How many different items an error tells. */
const TOLD = 30;

/** Every item that is meant. */
export function findAll<Item>({ items, isCalled }: Lookup<Item>, query: Query<Item>): Item[] {
  return items.filter((item) => typeof query === "string" ? isCalled(item, query) : query(item));
}

/**
 * The one item that is meant.
 *
 * @throws {Error} When there is none, or more than one; it lists what there is.
 */
export function findOne<Item>(lookup: Lookup<Item>, query: Query<Item>): Item {
  const [found, ...others] = findAll(lookup, query);
  if (found === undefined) throw new Error(describeMissing(lookup, query));
  if (others.length > 0) {
    throw new Error(
      `${others.length + 1} ${lookup.what}s ${shown(query)}, where one was expected: ${
        listed(lookup, [found, ...others])
      }`,
    );
  }
  return found;
}

/** That none was found, and what there is instead. */
export function describeMissing<Item>(lookup: Lookup<Item>, query: Query<Item>): string {
  const { what, items, besides } = lookup;
  const seen = items.length === 0 ? `no ${what} at all` : listed(lookup, items);
  return `No ${what} ${shown(query)}; there is ${seen}${besides ?? ""}`;
}

function shown(query: Query<never>): string {
  return typeof query === "string" ? `"${query}"` : "fits the predicate";
}

function listed<Item>({ tell }: Lookup<Item>, items: readonly Item[]): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(tell(item), (counts.get(tell(item)) ?? 0) + 1);
  const names = Array.from(
    counts,
    ([name, count]) => count === 1 ? `"${name}"` : `"${name}" (${count} times)`,
  );
  const more = names.length - TOLD;
  return names.slice(0, TOLD).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
