/** A page of a list, and where it goes on. */
interface Page {
  readonly next?: string;
}

/** More pages are not asked for at once: a search may stop many times before it finds something. */
const MOST_PAGES = 20;

/**
 * Asks for older pages until one has something: a list that has grown since it was first asked for
 * shows already what its next pages hold.
 *
 * @param hasMore Whether a page has what is not shown yet.
 * @param from Where to begin, and how to ask.
 * @returns That page, or the last one that was asked for.
 */
export async function firstPageWith<P extends Page>(
  hasMore: (page: P) => boolean,
  { next, ask }: { readonly next: string; readonly ask: (before: string) => Promise<P> },
): Promise<P> {
  let page = await ask(next);
  for (let asked = 1; asked < MOST_PAGES && page.next !== undefined && !hasMore(page); asked++) {
    page = await ask(page.next);
  }
  return page;
}
