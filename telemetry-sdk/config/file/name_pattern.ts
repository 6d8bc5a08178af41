/** Tells whether a name is meant. */
export type NameMatcher = (name: string) => boolean;

/**
 * Makes a matcher of a pattern in which `*` stands for any text and `?` for any one character. It goes back to
 * the last `*` alone, so that no name, however hostile, takes it long.
 *
 * @param pattern The pattern.
 */
export function nameMatcher(pattern: string): NameMatcher {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  return (name) => meets(name, pattern);
}

function meets(name: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let afterStar = 0;
  while (at < name.length) {
    if (pattern[next] === "*") {
      star = next++;
      afterStar = at;
    } else if (pattern[next] === "?" || pattern[next] === name[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++afterStar;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Names that are meant, and among them those that are not. */
export interface IncludeExclude {
  readonly included?: readonly string[] | undefined;
  readonly excluded?: readonly string[] | undefined;
}

/**
 * Makes a matcher of the schema's two lists: what is excluded is never meant.
 *
 * @param lists The lists; where nothing is included, everything is.
 */
export function nameFilter({ included, excluded = [] }: IncludeExclude): NameMatcher {
  const wanted = included?.map(nameMatcher);
  const unwanted = excluded.map(nameMatcher);
  return (name) =>
    (wanted === undefined || wanted.some((matches) => matches(name))) &&
    !unwanted.some((matches) => matches(name));
}
