import { fileURLToPath } from "node:url";
import type { StorageState } from "../../viewer/api/model.ts";
import { requestTypes } from "../_otlp/schema.ts";
import { startProcess } from "../_process.ts";

/** How a load is put on a viewer. */
export interface LoadOptions {
  readonly spans: number;
  readonly memoryMb: number;
}

/** What a load did to a viewer. */
export interface LoadResult {
  readonly seconds: number;
  /** How long each answer to the page took meanwhile, in milliseconds and rising. */
  readonly latencies: readonly number[];
  /** The largest resident set that was seen, in MiB; 0 where the system does not tell. */
  readonly maxRssMb: number;
  /** Answers that were not 200: the viewer said that it had too much to do. */
  readonly retried: number;
  readonly state: StorageState;
}

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
/** What the SDKs send at most in one request. */
const BATCH = 512;
const SENDERS = 4;
const SPANS_PER_TRACE = 8;

/** Sends a viewer in a process of its own spans at full speed, and asks it for the page's lists. */
export async function putLoad({ spans, memoryMb }: LoadOptions): Promise<LoadResult> {
  await using viewer = await startProcess({
    args: [
      "run",
      "--no-prompt",
      // As the task has it: the heap grows in smaller steps, and is swept more often.
      "--v8-flags=--heap-growing-percent=80",
      "--allow-net",
      "--allow-env",
      "--allow-read",
      "viewer/main.ts",
    ],
    cwd: REPOSITORY,
    env: { VIEWER_PORT: "0", VIEWER_MEMORY_MB: String(memoryMb) },
    ready: /listening on (http:\S+)\//,
  });
  const url = viewer.url ?? "";
  const batches = Math.ceil(spans / BATCH);
  let sent = 0;
  let retried = 0;
  const send = async (batch: SpanBatch) => {
    while (sent < batches) {
      sent++;
      const body = batch.next();
      while (!await post(`${url}/v1/traces`, body)) retried++;
    }
  };

  // Made before the clock starts: to make them would keep the questions waiting too.
  const senders = Array.from({ length: SENDERS }, () => new SpanBatch());
  const started = performance.now();
  const done = new AbortController();
  const watching = watch(url, viewer.pid, done.signal);
  await Promise.all(senders.map(send));
  const seconds = (performance.now() - started) / 1000;
  done.abort();
  const { latencies, maxRssMb } = await watching;
  const state: StorageState = await (await fetch(`${url}/api/state`)).json();
  return { seconds, latencies, maxRssMb, retried, state };
}

async function post(url: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body,
  });
  await answer.body?.cancel();
  if (answer.status !== 200 && answer.status !== 503) throw new Error(`Status ${answer.status}`);
  return answer.ok;
}

async function watch(url: string, pid: number, signal: AbortSignal) {
  const latencies: number[] = [];
  let maxRssMb = 0;
  while (!signal.aborted) {
    for (const path of ["/api/traces", "/api/traces?q=orders&status=5xx", "/api/state", "/"]) {
      const asked = performance.now();
      await (await fetch(url + path)).arrayBuffer();
      latencies.push(performance.now() - asked);
    }
    maxRssMb = Math.max(maxRssMb, await residentMb(pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { latencies: latencies.sort((a, b) => a - b), maxRssMb };
}

async function residentMb(pid: number): Promise<number> {
  if (Deno.build.os !== "linux") return 0;
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** A request that is encoded once: only the identifiers in it change from one to the next. */
class SpanBatch {
  readonly #body: Uint8Array<ArrayBuffer>;
  readonly #groups: readonly { readonly offsets: readonly number[]; readonly length: number }[];

  constructor() {
    const marks: Uint8Array[] = [];
    const mark = (length: number) => {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      marks.push(bytes);
      return bytes;
    };
    const spans = Array.from({ length: BATCH / SPANS_PER_TRACE }, () => makeTrace(mark)).flat();
    const type = requestTypes.traces;
    const encoded = type.encode(type.fromObject({
      resourceSpans: [{
        resource: { attributes: [text("service.name", "load")] },
        scopeSpans: [{ scope: { name: "load" }, spans }],
      }],
    })).finish();
    this.#body = new Uint8Array(encoded);
    this.#groups = marks.map((bytes) => ({
      offsets: placesOf(this.#body, bytes),
      length: bytes.length,
    }));
  }

  next(): Uint8Array<ArrayBuffer> {
    for (const { offsets, length } of this.#groups) {
      const fresh = crypto.getRandomValues(new Uint8Array(length));
      for (const offset of offsets) this.#body.set(fresh, offset);
    }
    return this.#body.slice();
  }
}

function makeTrace(mark: (length: number) => Uint8Array): object[] {
  const traceId = mark(16);
  const root = mark(8);
  const now = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: SPANS_PER_TRACE }, (_, i) => ({
    traceId,
    spanId: i === 0 ? root : mark(8),
    ...(i > 0 && { parentSpanId: root }),
    name: i === 0 ? "GET /orders/:id" : "kv.get",
    kind: i === 0 ? 2 : 3,
    startTimeUnixNano: String(now + BigInt(i) * 100_000n),
    endTimeUnixNano: String(now + BigInt(i) * 100_000n + 5_000_000n),
    attributes: [
      text("http.request.method", "GET"),
      text("http.route", "/orders/:id"),
      { key: "http.response.status_code", value: { intValue: 200 } },
      text("url.path", "/orders/0123456789"),
      text("url.scheme", "http"),
      text("server.address", "shop.example"),
      text("client.address", "192.0.2.17"),
      text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"),
    ],
  }));
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function placesOf(body: Uint8Array, bytes: Uint8Array): number[] {
  const places: number[] = [];
  const [first = 0] = bytes;
  for (let at = body.indexOf(first); at >= 0; at = body.indexOf(first, at + 1)) {
    if (bytes.every((byte, i) => body[at + i] === byte)) places.push(at);
  }
  return places;
}

/** The share of the answers that took no longer. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

if (import.meta.main) {
  const spans = Number(Deno.args[0] ?? 1_000_000);
  const memoryMb = Number(Deno.args[1] ?? 256);
  const { seconds, latencies, maxRssMb, retried, state } = await putLoad({ spans, memoryMb });
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const { received, evictedTraces, evictedSpans, traces, spans: kept } = state.traces;
  const lines = [
    `${received} spans in ${seconds.toFixed(1)} s: ${(received / seconds).toFixed(0)} a second`,
    `kept ${kept} spans of ${traces} traces, made room by ${evictedSpans} spans of ${evictedTraces} traces`,
    `memory: ${mib(state.bytes)} of ${mib(state.maxBytes)} by estimate, ${
      maxRssMb.toFixed(0)
    } MiB resident at most`,
    `${latencies.length} answers to the page: p50 ${percentile(latencies, 0.5).toFixed(0)} ms, ` +
    `p95 ${percentile(latencies, 0.95).toFixed(0)} ms, p99 ${
      percentile(latencies, 0.99).toFixed(0)
    } ms, the slowest ${(latencies.at(-1) ?? 0).toFixed(0)} ms; ${retried} requests were put off`,
  ];
  await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
}
