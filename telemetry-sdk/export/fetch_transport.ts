import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { ExportResponse, IExporterTransport } from "@opentelemetry/otlp-exporter-base";
import { BatchTooLargeError } from "../batch/batch_too_large_error.ts";
import { readResponse } from "./response.ts";
import { retryDelay } from "./retry.ts";
import { withoutSecrets } from "./secrets.ts";

/** Where and how a {@linkcode FetchTransport} sends. */
export interface FetchTransportOptions {
  /** The signal's URL. User and password in it are sent as basic authorization. */
  readonly url: string;
  /** Headers besides those of the protocol. */
  readonly headers: Readonly<Record<string, string>>;
  /** The media type of the body. */
  readonly contentType: "application/x-protobuf" | "application/json";
  /** How the body is compressed. */
  readonly compression: "none" | "gzip";
  /** The `User-Agent` header. */
  readonly userAgent: string;
  /** What TLS needs beside what the process trusts; PEM texts. */
  readonly tls?: TlsOptions;
}

/** What TLS needs beside what the process trusts; PEM texts. */
export interface TlsOptions {
  readonly certificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly clientCertificate?: string | undefined;
}

/** How one attempt ended, and whether the receiver answered. */
interface Attempt {
  readonly outcome: ExportResponse;
  readonly reached: boolean;
}

// Taken at load time, so that a `fetch` which is instrumented later never traces the exports themselves.
const untracedFetch = globalThis.fetch;

/**
 * Sends OTLP over HTTP with `fetch`, which needs no more than `--allow-net=HOST:PORT` and honours the
 * process's certificates and proxies. All attempts of one export share one deadline.
 */
export class FetchTransport implements IExporterTransport {
  readonly #url: string;
  readonly #secrets: Parameters<typeof withoutSecrets>[1];
  readonly #headers: Headers;
  readonly #compression: "none" | "gzip";
  readonly #contentType: string;
  readonly #closing = new AbortController();
  readonly #closed = new AbortController();
  readonly #client: Deno.HttpClient | undefined;
  readonly #unusable: Error | undefined;

  constructor(options: FetchTransportOptions) {
    const url = new URL(options.url);
    this.#secrets = { endpoint: options.url, headers: options.headers };
    this.#contentType = options.contentType;
    this.#compression = options.compression;
    this.#headers = new Headers({
      "user-agent": options.userAgent,
      ...basicAuthorization(url),
      ...options.headers,
      "content-type": options.contentType,
    });
    if (this.#compression === "gzip") this.#headers.set("content-encoding", "gzip");
    url.username = "";
    url.password = "";
    this.#url = url.href;
    try {
      this.#client = httpClient(options.tls);
    } catch (error) {
      this.#unusable = new Error(`the certificates cannot be used: ${rootMessage(error)}`);
    }
  }

  /**
   * Sends one export and retries while the failure may pass and the deadline is not reached.
   *
   * @param data The encoded export.
   * @param timeoutMillis The time for all attempts together.
   */
  async send(data: Uint8Array, timeoutMillis: number): Promise<ExportResponse> {
    return this.#discreet(await this.#send(data, timeoutMillis));
  }

  async #send(data: Uint8Array, timeoutMillis: number): Promise<ExportResponse> {
    if (this.#unusable !== undefined) return { status: "failure", error: this.#unusable };
    const deadline = performance.now() + timeoutMillis;
    const expired = new AbortController();
    const timer = setTimeout(
      () => expired.abort(new Error(`no answer within ${timeoutMillis} ms`)),
      timeoutMillis,
    );
    Deno.unrefTimer(timer);
    try {
      // The serialisers allocate plain buffers; their types only do not say so.
      const plain = data as Uint8Array<ArrayBuffer>;
      const body = this.#compression === "gzip" ? await gzip(plain) : plain;
      const signal = AbortSignal.any([expired.signal, this.#closed.signal]);
      for (let attempts = 1;; attempts++) {
        const { outcome, reached } = await this.#attempt(body, signal);
        if (outcome.status !== "retryable") return outcome;
        if (!reached && this.#closing.signal.aborted) return asFailure(outcome.error, attempts);
        const delay = retryDelay({
          attempts,
          remainingMillis: deadline - performance.now(),
          // A process that ends has not the time that the receiver asks for.
          retryAfterMillis: this.#closing.signal.aborted ? undefined : outcome.retryInMillis,
          random: Math.random(),
        });
        if (delay === undefined) return asFailure(outcome.error, attempts);
        await this.#pause(delay, signal);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Ends the waits between attempts, and from now on takes a receiver that cannot be reached for one that is
   * gone: a process that ends must not wait for it.
   */
  drain(): void {
    this.#closing.abort();
  }

  /** Gives up whatever is under way. */
  shutdown(): void {
    this.#closing.abort();
    this.#closed.abort(new Error("the telemetry was shut down"));
    this.#client?.close();
  }

  async #attempt(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Attempt> {
    try {
      const outcome = await context.with(suppressTracing(ROOT_CONTEXT), async () => {
        const response = await untracedFetch(this.#url, {
          method: "POST",
          headers: this.#headers,
          body,
          signal,
          // Following a redirect would carry the headers, with their secrets, to a place nobody configured.
          redirect: "manual",
          ...(this.#client && { client: this.#client }),
        });
        return await readResponse(response, this.#contentType);
      });
      return { outcome, reached: true };
    } catch (error) {
      const outcome: ExportResponse = signal.aborted
        ? { status: "failure", error: asError(signal.reason) }
        : { status: "retryable", error: new Error(rootMessage(error), { cause: error }) };
      return { outcome, reached: false };
    }
  }

  /** What went wrong, without secrets: `fetch` names the address whole, and a receiver may repeat what it was sent. */
  #discreet(response: ExportResponse): ExportResponse {
    if (response.status === "success" || response.error === undefined) return response;
    const message = withoutSecrets(response.error.message, this.#secrets);
    const Kind = response.error instanceof BatchTooLargeError ? BatchTooLargeError : Error;
    return { ...response, error: new Kind(message, { cause: response.error }) };
  }

  #pause(millis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const draining = this.#closing.signal.aborted;
      const wake = draining ? signal : AbortSignal.any([signal, this.#closing.signal]);
      const done = () => {
        clearTimeout(timer);
        wake.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      Deno.unrefTimer(timer);
      wake.addEventListener("abort", done);
    });
  }
}

/** A client of its own where certificates are given; the process's otherwise. */
function httpClient(tls: TlsOptions = {}): Deno.HttpClient | undefined {
  const { certificate, clientKey, clientCertificate } = tls;
  if (certificate === undefined && clientKey === undefined && clientCertificate === undefined) {
    return undefined;
  }
  if ((clientKey === undefined) !== (clientCertificate === undefined)) {
    throw new TypeError("expected the client's key and its certificate together");
  }
  return Deno.createHttpClient({
    ...(certificate !== undefined && { caCerts: [certificate] }),
    ...(clientKey !== undefined && clientCertificate !== undefined &&
      { key: clientKey, cert: clientCertificate }),
  });
}

function basicAuthorization(url: URL): Record<string, string> {
  if (url.username === "" && url.password === "") return {};
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  const bytes = new TextEncoder().encode(credentials);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** A stray `%` is no encoding: then the text stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function gzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function asFailure(error: Error | undefined, attempts: number): ExportResponse {
  const message = error?.message ?? "the receiver is not ready";
  const tries = attempts === 1 ? "" : ` (${attempts} attempts)`;
  return { status: "failure", error: new Error(`${message}${tries}`, { cause: error }) };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** `fetch` says no more than "fetch failed"; what went wrong stands in the innermost cause. */
function rootMessage(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) {
    innermost = innermost.cause;
  }
  return innermost instanceof Error ? innermost.message : String(innermost);
}
