import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { LiveEventName, LiveEvents } from "../../api/model.ts";
import { request, RequestFailure } from "./client.ts";
import { listen } from "./live.ts";

/** Something that is asked of the viewer. */
export interface Loaded<T> {
  /** The newest answer; that of the address before stays until there is one. */
  readonly data: T | undefined;
  /** The address that `data` answers. */
  readonly url: string | undefined;
  readonly failure: RequestFailure | undefined;
  /** Asks again. */
  readonly reload: () => void;
}

interface Answer<T> {
  readonly data: T | undefined;
  readonly url: string | undefined;
  readonly failure: RequestFailure | undefined;
}

/**
 * Asks the viewer, and asks again when the address changes or when told to. While an answer is on
 * its way, being told again any number of times asks once more after it.
 *
 * @param url An address of the API; nothing is asked while it is undefined.
 */
export function useLoad<T>(url: string | undefined): Loaded<T> {
  const [answer, setAnswer] = useState<Answer<T>>(NOTHING);
  const [asked, setAsked] = useState(0);
  const running = useRef(false);
  const again = useRef(false);
  useEffect(() => {
    if (url === undefined) return setAnswer(NOTHING);
    const controller = new AbortController();
    const { signal } = controller;
    running.current = true;
    again.current = false;
    request<T>(url, { signal }).then(
      (data) => setAnswer({ data, url, failure: undefined }),
      (failure) => {
        if (!(failure instanceof RequestFailure)) throw failure;
        setAnswer((old) => ({ data: old.url === url ? old.data : undefined, url, failure }));
      },
    ).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }).finally(() => {
      if (signal.aborted) return;
      running.current = false;
      if (again.current) setAsked((count) => count + 1);
    });
    return () => {
      controller.abort();
      running.current = false;
    };
  }, [url, asked]);
  const reload = useCallback(() => {
    if (running.current) again.current = true;
    else setAsked((count) => count + 1);
  }, []);
  return { ...answer, reload };
}

const NOTHING = { data: undefined, url: undefined, failure: undefined };

/**
 * Runs something after live events, at most once in a while, and after the viewer came back.
 *
 * @param name What to listen to.
 * @param run What to run.
 * @param options How often at most, and which events count.
 */
export function useLive<N extends LiveEventName>(
  name: N,
  run: () => void,
  { everyMs = 1000, when, active = true }: {
    everyMs?: number;
    when?: (data: LiveEvents[N]) => boolean;
    active?: boolean;
  } = {},
): void {
  const latest = useRef({ run, when });
  latest.current = { run, when };
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const fire = () => {
      timer = undefined;
      last = performance.now();
      latest.current.run();
    };
    const schedule = () => {
      timer ??= setTimeout(fire, Math.max(0, last + everyMs - performance.now()));
    };
    const ends = [
      listen(name, (data) => {
        if (latest.current.when?.(data) ?? true) schedule();
      }),
      listen("hello", schedule),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [name, everyMs, active]);
}
