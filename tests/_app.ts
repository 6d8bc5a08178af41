import { Application, type ApplicationOptions, createLogger } from "../framework/mod.ts";

/** A logger that says nothing, for applications whose failures are what a test is about. */
export const quietLogger = createLogger({ sinks: [] });

/** A fresh application that logs nothing. */
export function testApp<State extends object = Record<string, unknown>>(
  options: ApplicationOptions<State> = {},
): Application<State> {
  return new Application<State>({ logger: quietLogger, ...options });
}

/** A request for a path of an application under test. */
export function request(path: string, init?: RequestInit): Request {
  return new Request(`http://shop.test${path}`, init);
}

/** What an answer says, for comparing in one go. */
export async function answer(
  response: Response | Promise<Response>,
): Promise<{ status: number; type: string | null; body: string }> {
  const settled = await response;
  const { status, headers } = settled;
  return { status, type: headers.get("content-type"), body: await settled.text() };
}
