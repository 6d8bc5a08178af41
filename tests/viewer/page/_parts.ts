import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { setTimeout } from "node:timers/promises";
import type { Viewer } from "@echelon/viewer";
import { type PageOptions, startBrowser, type WatchedPage } from "./_browser.ts";
import { send, type SentLog, type SentSpan, traceRequest } from "./_otlp_json.ts";
import { logRequest } from "./_otlp_json.ts";
import { startTestViewer } from "./_viewer.ts";

/** A viewer with a page open in a browser. */
export interface Opened extends WatchedPage {
  readonly viewer: Viewer;
  /** Goes to a view, such as `#/logs`. */
  goTo(hash: string): Promise<void>;
  /** Opens another page of the same viewer. */
  openAnother(hash: string, options?: PageOptions): Promise<WatchedPage>;
}

/**
 * Opens the page of a fresh viewer, runs a test on it, and closes both. An error in the page's
 * console fails the test.
 *
 * @param test What is tested.
 * @param options How the page is opened, and what the viewer has by then.
 */
export async function withPage(
  test: (opened: Opened) => Promise<void>,
  { hash = "#/traces", prepare, ...options }: PageOptions & {
    hash?: string;
    prepare?: (viewer: Viewer) => Promise<void>;
  } = {},
): Promise<void> {
  await using viewer = await startTestViewer();
  await prepare?.(viewer);
  await using browser = await startBrowser();
  const address = (hash: string) => `${viewer.url}/${hash}`;
  const opened = await browser.open(address(hash), options);
  const { page, errors } = opened;
  await page.getByText("Connected").waitFor({ state: "attached" });
  await test({
    ...opened,
    viewer,
    goTo: async (hash) => void await page.goto(address(hash)),
    openAnother: (hash, options) => browser.open(address(hash), options),
  });
  assert.deepEqual(errors, [], "The page has errors");
}

let made = 0;

/** An id that no other call gives. */
export function newId(digits: 16 | 32): string {
  return `a${(++made).toString(16).padStart(digits - 1, "0")}`;
}

/** Sends the spans of one service. */
export async function sendSpans(
  viewer: Viewer,
  spans: readonly SentSpan[],
  service = "shop",
): Promise<void> {
  await send(viewer.url, "traces", traceRequest({ "service.name": service }, spans));
}

/** Sends logs of the service `shop`. */
export async function sendLogs(viewer: Viewer, logs: readonly SentLog[]): Promise<void> {
  await send(viewer.url, "logs", logRequest({ "service.name": "shop" }, logs));
}

/** A finished request of a route, a moment ago. */
export function requestSpan(route: string, change: Partial<SentSpan> = {}): SentSpan {
  const end = Date.now();
  return {
    traceId: newId(32),
    spanId: newId(16),
    name: `GET ${route}`,
    kind: "server",
    start: end - 20,
    end,
    attributes: {
      "http.request.method": "GET",
      "http.route": route,
      "http.response.status_code": 200,
    },
    ...change,
  };
}

const PATIENCE_MILLIS = 30_000;
const PAUSE_MILLIS = 40;

/**
 * Waits until something is as it should be.
 *
 * @param read Reads what is.
 * @param expected What it should be in the end.
 * @throws {AssertionError} When it still is not after a long while.
 */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLIS;
  while (true) {
    const actual = await read();
    if (isDeepStrictEqual(actual, expected)) return;
    if (performance.now() > deadline) assert.deepEqual(actual, expected);
    await setTimeout(PAUSE_MILLIS);
  }
}
