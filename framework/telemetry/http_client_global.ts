import type { Context } from "@opentelemetry/api";
import {
  createTracedFetch,
  type Fetch,
  traced,
  type TracedFetchOptions,
  untracedFetch,
} from "./http_client.ts";
import { ignoreRule } from "./http_client_ignore.ts";
import { activeRedaction, Redaction } from "./redaction.ts";

/** What somebody who had `fetch` traced has asked for. */
interface Asked {
  readonly ignores: (url: URL) => boolean;
  readonly redaction: Redaction | undefined;
}

const asked = new Set<Asked>();
let installed: { readonly fetch: Fetch; readonly descriptor: PropertyDescriptor } | undefined;

/**
 * `fetch` as it was when this was loaded, traced; the global one stays as it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tracedFetch } from "@echelon/framework/telemetry";
 *
 * assert(await (await tracedFetch("data:,hello")).text() === "hello");
 * ```
 */
export const tracedFetch: Fetch = createTracedFetch(globalThis.fetch);

/**
 * Has every `fetch` of the process traced, whoever calls it, as {@linkcode createTracedFetch} does.
 * Where several ask for it, it is done once: what one of them ignores is ignored, and what may be
 * told is said by the application whose request it is about, else by the first of them that says it.
 * An application asks for it itself.
 *
 * @param options What is left alone, and what may be told of the rest.
 * @returns Undoes it; the last one to do so puts `fetch` back.
 * @throws {TypeError} When an option is of the wrong kind.
 *
 * @example
 * ```ts
 * import { traceFetch } from "@echelon/framework/telemetry";
 *
 * const undo = traceFetch({ ignore: [/\/health$/] });
 * undo();
 * ```
 */
export function traceFetch(options: TracedFetchOptions = {}): () => void {
  const { redact, ignore } = options;
  return ask({
    ignores: ignoreRule(ignore),
    redaction: redact === undefined ? undefined : new Redaction(redact),
  });
}

function ask(mine: Asked): () => void {
  asked.add(mine);
  install();
  return () => {
    if (asked.delete(mine) && asked.size === 0) uninstall();
  };
}

/** Whether `fetch` is traced for an application, and what of it is left alone. */
export type TraceFetchOption = boolean | Pick<TracedFetchOptions, "ignore">;

/** The tracing of the process's `fetch` on behalf of one application, from its start to its stop. */
export class FetchTracing {
  readonly #asked: Asked | undefined;
  #undo: (() => void) | undefined;

  /**
   * @param option The application's.
   * @param redaction What the application lets be told, where it says that.
   * @throws {TypeError} When the option is of the wrong kind.
   */
  constructor(option: TraceFetchOption, redaction: Redaction | undefined) {
    if (typeof option !== "boolean" && (typeof option !== "object" || option === null)) {
      throw new TypeError(
        `The option "traceFetch" is "${String(option)}": expected true, false, or { ignore }`,
      );
    }
    if (option === false) return;
    this.#asked = { ignores: ignoreRule(option === true ? undefined : option.ignore), redaction };
  }

  /** Begins; a second time changes nothing. */
  start(): void {
    if (this.#asked !== undefined) this.#undo ??= ask(this.#asked);
  }

  /** Ends it, until it is begun again. */
  stop(): void {
    this.#undo?.();
    this.#undo = undefined;
  }
}

function install(): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  const fetch: unknown = descriptor?.value;
  if (descriptor === undefined || typeof fetch !== "function") return;
  if (installed !== undefined && fetch !== installed.descriptor.value) return;
  // Another copy of this module may have been first.
  if (untracedFetch(fetch as Fetch) !== undefined) return;
  installed ??= {
    descriptor,
    fetch: traced(fetch as Fetch, {
      // With nobody asking any more it may still be called: by whoever has kept it.
      ignores: (url) => asked.size === 0 || [...asked].some((one) => one.ignores(url)),
      redaction: redactionIn,
    }),
  };
  Object.defineProperty(globalThis, "fetch", { ...descriptor, value: installed.fetch });
}

function redactionIn(ctx: Context): Redaction {
  for (const { redaction } of asked) {
    if (redaction !== undefined) return activeRedaction(ctx, redaction);
  }
  return activeRedaction(ctx);
}

function uninstall(): void {
  // Where somebody has put another one around it since, that one stays, and ours is silent in it
  // until somebody asks again: a second one around that would trace each request twice.
  if (installed === undefined || globalThis.fetch !== installed.fetch) return;
  Object.defineProperty(globalThis, "fetch", installed.descriptor);
  installed = undefined;
}
