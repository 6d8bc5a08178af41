import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where Chromium is: `CHROMIUM` says, or it is where Debian has it. */
export const chromiumPath: string | undefined = findChromium();

if (chromiumPath === undefined) {
  // deno-lint-ignore no-console -- a skipped test must not pass in silence
  console.warn("No Chromium was found: the tests of the viewer's page are skipped. Set CHROMIUM.");
}

/** What makes a test of the page be skipped, where there is no Chromium. */
export const needsChromium = { ignore: chromiumPath === undefined } as const;

function findChromium(): string | undefined {
  const told = Deno.env.get("CHROMIUM");
  const places = told ? [told] : ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
  return places.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** A browser that is gone when it is disposed of. */
export interface RunningBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** Opens a page whose errors are kept. */
  open(url: string, options?: PageOptions): Promise<WatchedPage>;
}

/** How a page is opened. */
export interface PageOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** The time that the page believes it is. */
  readonly now?: number;
  readonly touch?: boolean;
}

/** A page, and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console, of scripts, and what the policy of the page refused. */
  readonly errors: string[];
}

/** Long enough for a machine with other work to do. */
const PATIENCE_MILLIS = 30_000;

/** Starts Chromium. */
export async function startBrowser(): Promise<RunningBrowser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? "chromium",
    timeout: PATIENCE_MILLIS,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    browser,
    open: (url, options) => openPage(browser, url, options),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function openPage(
  browser: Browser,
  url: string,
  { dark = false, width = 1280, height = 800, now, touch = false }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    hasTouch: touch,
    isMobile: touch,
    deviceScaleFactor: touch ? 2 : 1,
  });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  if (now !== undefined) await page.clock.setFixedTime(now);
  await page.goto(url);
  return { page, context, errors };
}
