import type { ImportResult, Signal } from "../api/model.ts";
import { type DecodedRequest, readRequest } from "./request.ts";
import { requestSchemas } from "./schema.ts";
import { asMessage, WireError } from "./wire.ts";

const SIGNALS: readonly Signal[] = ["traces", "metrics", "logs"];
const MAX_PROBLEMS = 10;

/** Takes requests in OTLP's JSON in, as files hold them, and counts what was in them. */
export class JsonLines {
  readonly #take: (request: DecodedRequest) => Promise<number>;
  readonly #problems: string[] = [];
  #spans = 0;
  #logs = 0;
  #points = 0;
  #refused = 0;

  constructor(take: (request: DecodedRequest) => Promise<number>) {
    this.#take = take;
  }

  get result(): ImportResult {
    return {
      spans: this.#spans,
      logs: this.#logs,
      points: this.#points,
      refused: this.#refused,
      problems: this.#problems,
    };
  }

  /** Takes a text in: one request, laid out in any way, or one request a line. */
  async addText(text: string): Promise<void> {
    let whole: unknown;
    try {
      whole = JSON.parse(text);
    } catch {
      // Not one value, so each line has to be.
      let number = 0;
      for (const line of text.split("\n")) await this.addLine(line, ++number);
      return;
    }
    await this.#addValues(whole, "The file");
  }

  /** Takes a line in; an empty one is nothing. */
  async addLine(line: string, number: number): Promise<void> {
    if (line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#addProblem(`Line ${number} is not JSON`);
      return;
    }
    await this.#addValues(value, `Line ${number}`);
  }

  async #addValues(value: unknown, where: string): Promise<void> {
    for (const one of Array.isArray(value) ? value : [value]) {
      try {
        await this.#addRequest(one, where);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#addProblem(`${where}: ${error.message}`);
      }
    }
  }

  async #addRequest(value: unknown, where: string): Promise<void> {
    const message = asMessage(value, "body");
    const signals = SIGNALS.filter((signal) =>
      message[requestSchemas[signal].names.resources] !== undefined
    );
    if (signals.length === 0) {
      throw new WireError(
        'Expected an object with "resourceSpans", "resourceMetrics" or "resourceLogs"',
      );
    }
    for (const signal of signals) {
      const request = await readRequest(message, signal);
      const dropped = await this.#take(request);
      this.#spans += request.spans.reduce((sum, { items }) => sum + items.length, 0);
      this.#logs += request.logs.reduce((sum, { items }) => sum + items.length, 0);
      this.#points += request.metrics.flatMap(({ items }) => items)
        .reduce((sum, { points }) => sum + points.length, -dropped);
      this.#refused += request.refused + dropped;
      if (request.problem !== undefined) this.#addProblem(`${where}: ${request.problem}`);
    }
  }

  #addProblem(problem: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
  }
}
