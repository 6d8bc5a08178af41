const MAX_LENGTH = 256;

/** Keeps one copy of texts that come again and again, such as names. */
export class Interner {
  readonly #texts = new Map<string, string>();
  readonly #max: number;

  /** @param max After so many texts it forgets them all: the frequent ones soon come again. */
  constructor(max = 20_000) {
    this.#max = max;
  }

  /** The copy to keep of a text. */
  intern(text: string): string {
    if (text.length > MAX_LENGTH) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= this.#max) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
