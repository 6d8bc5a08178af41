/** A request that asks for something that cannot be had. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const MAX_TEXT = 1024;

/** Reads the query of a request, and says which parameter is wrong. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  /** A text; undefined where it was not given or is empty. */
  text(name: string): string | undefined {
    const value = this.#params.get(name);
    if (value === null || value === "") return undefined;
    if (value.length <= MAX_TEXT) return value;
    throw new ApiProblem(400, `Parameter "${name}" is longer than ${MAX_TEXT} characters`);
  }

  /** Every text that was given by a name. */
  texts(name: string): string[] {
    const values = this.#params.getAll(name).filter((value) => value !== "");
    if (values.length <= 16 && values.every((value) => value.length <= MAX_TEXT)) return values;
    throw new ApiProblem(400, `Parameter "${name}" is given too often, or is too long`);
  }

  /** A number from 0 on, such as a time. */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0) return value;
    throw new ApiProblem(400, `Parameter "${name}" is "${text}": expected a number`);
  }

  /** A whole number within bounds. */
  integer(
    name: string,
    { least, most, usual }: {
      readonly least: number;
      readonly most: number;
      readonly usual: number;
    },
  ): number {
    const value = this.number(name) ?? usual;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new ApiProblem(
      400,
      `Parameter "${name}" is "${value}": expected a whole number from ${least} to ${most}`,
    );
  }

  /** The place that a page of a list goes on before. */
  cursor(): number | undefined {
    const text = this.text("before");
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new ApiProblem(400, `Parameter "before" is "${text}": expected the "next" of a page`);
  }
}

/** Stops a search that takes so long that others would wait for it. */
export class SearchBudget {
  readonly #until: number;

  constructor(millis = 50) {
    this.#until = performance.now() + millis;
  }

  get spent(): boolean {
    return performance.now() > this.#until;
  }
}
