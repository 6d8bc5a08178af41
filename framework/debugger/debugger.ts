import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "../telemetry/logger.ts";
import { timeOfDay } from "./clock.ts";
import {
  type DebugEvent,
  type DebugEventType,
  type DebugOperation,
  type DebugOperationData,
  type DebugOperationType,
  type Emit,
  EVENT_DEFAULTS,
} from "./events.ts";
import { FaultReport } from "./fault_report.ts";
import { checkedThreshold, type DebugLevel, type DebugThreshold, reaches } from "./levels.ts";
import { type DebugListener, type DebugListenerFunction, Listeners } from "./listener.ts";
import { OPERATION_EVENTS } from "./operations.ts";
import { type DebugScope, runInScope } from "./scope.ts";

/** How a debugger is set up. */
export interface DebuggerOptions {
  /** What is less than this is not told; everything is told unless told. */
  readonly level?: DebugThreshold;
  /** Levels of single modules. */
  readonly levels?: Readonly<Record<string, DebugThreshold>>;
  /** Where broken listeners and scopes are told; a logger of the name `echelon.debugger` unless told. */
  readonly logger?: Logger;
}

/** What an operation says of itself beside its data. */
export interface RunOptions {
  /** The request it belongs to; that of the operation it runs in unless told. */
  readonly requestId?: string | undefined;
  /** Its module, where it is not the one of its type. */
  readonly module?: string;
  /** Its level, where it is not the one of its type. */
  readonly level?: DebugLevel;
}

/**
 * Tells whoever wants to know what an application does: facts by `emit`, operations by `run`. With
 * nobody attached it does nothing. Whoever is attached cannot break what it hears of: a listener or
 * a scope that throws is reported once and passed over.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Debugger } from "@echelon/framework/debugger";
 *
 * const dbg = new Debugger({ levels: { cache: "off" } });
 * const heard: string[] = [];
 * dbg.addListener((event) => heard.push(event.type));
 *
 * const page = await dbg.run("controller", { name: "showOrder" }, async () => {
 *   dbg.emit({ type: "cache:miss", data: { key: "order:7" } });
 *   dbg.emit({ type: "orm:query", data: { model: "Order", operation: "find" } });
 *   return await Promise.resolve("order 7");
 * });
 * assert(page === "order 7");
 * assert(heard.join() === "controller:enter,orm:query,controller:exit");
 * ```
 */
export class Debugger {
  readonly #level: DebugThreshold;
  readonly #levels = new Map<string, DebugThreshold>();
  readonly #faults: FaultReport;
  readonly #listeners: Listeners;
  #scopes: readonly DebugScope[] = [];
  #attached = 0;
  readonly #request = new AsyncLocalStorage<string | undefined>();

  /**
   * @param options Levels and a logger; every one may be left out.
   * @throws {TypeError} When a level is none.
   */
  constructor(options: DebuggerOptions = {}) {
    this.#level = checkedThreshold(options.level ?? "trace", "the application");
    for (const [module, level] of Object.entries(options.levels ?? {})) {
      this.setLevel(module, level);
    }
    this.#faults = new FaultReport(options.logger);
    this.#listeners = new Listeners(this.#faults);
  }

  /** Whether anybody is attached: asked before something expensive is made to be told. */
  get enabled(): boolean {
    return this.#attached > 0;
  }

  /**
   * Changes what is told of a module, at once.
   *
   * @throws {TypeError} When the level is none.
   */
  setLevel(module: string, level: DebugThreshold): void {
    this.#levels.set(module, checkedThreshold(level, `the module "${module}"`));
  }

  /**
   * Attaches a listener; a second time changes nothing.
   *
   * @returns Takes it away again.
   */
  addListener(listener: DebugListener | DebugListenerFunction): () => void {
    this.#listeners.add(listener);
    this.#count();
    return () => this.removeListener(listener);
  }

  /** Takes a listener away. */
  removeListener(listener: DebugListener | DebugListenerFunction): void {
    this.#listeners.remove(listener);
    this.#count();
  }

  /**
   * Attaches a scope: every operation runs inside it, and inside those that were attached before.
   *
   * @returns Takes it away again; what runs already ends in it.
   */
  addScope(scope: DebugScope): () => void {
    const others = () => this.#scopes.filter((other) => other !== scope);
    this.#scopes = [...others(), scope];
    this.#count();
    return () => {
      this.#scopes = others();
      this.#count();
    };
  }

  /**
   * Tells every listener of a fact; within an operation it belongs to the same request. The function
   * stands alone, to be handed to whoever has facts to tell.
   */
  readonly emit: Emit = (event) => {
    if (this.#listeners.size === 0) return;
    const { module, level } = EVENT_DEFAULTS[event.type];
    this.#tell({
      ...event,
      requestId: event.requestId ?? this.#request.getStore(),
      module: event.module ?? module,
      level: event.level ?? level,
    });
  };

  /**
   * Runs an operation inside every scope, and tells of its beginning and its end or error. Its value
   * and its error are those of `fn`, and what is synchronous stays so.
   *
   * @param type The type of operation.
   * @param data What is being run.
   * @param fn Runs it.
   * @param options The request it belongs to, a level of its own.
   * @returns What `fn` returns.
   */
  run<T extends DebugOperationType, R>(
    type: T,
    data: Readonly<DebugOperationData[T]>,
    fn: () => R,
    options?: RunOptions,
  ): R {
    if (this.#attached === 0) return fn();
    const defaults = EVENT_DEFAULTS[OPERATION_EVENTS[type].exit];
    const { module = defaults.module, level = defaults.level } = options ?? {};
    if (!this.#isTold(module, level)) return fn();
    const requestId = options?.requestId ?? this.#request.getStore();
    const timestamp = timeOfDay();
    // The compiler cannot see that type and data, which were checked together, still agree.
    const operation = { type, data, requestId, module, level, timestamp } as DebugOperation;
    const report = (scope: object, error: unknown) => this.#faults.report("scope", scope, error);
    const run = this.#scopes.reduceRight<() => R>(
      (inner, scope) => () => runInScope(scope, operation, { run: inner, report }),
      () => this.#observe(operation, fn),
    );
    const result = this.#request.run(requestId, run);
    // Scopes and listeners wait for the same promise: only one of its own lets a rejection that the
    // caller forgets be seen as unhandled.
    return result instanceof Promise ? result.then((value) => value) as R : result;
  }

  #observe<R>(operation: DebugOperation, fn: () => R): R {
    if (this.#listeners.size === 0) return fn();
    const { enter, exit } = OPERATION_EVENTS[operation.type];
    const tell = (type: DebugEventType, data: object, level = operation.level) => {
      const { requestId, module } = operation;
      // As above: the table holds types whose data is the operation's.
      this.#tell({ type, data, requestId, module, level, operation } as TimelessEvent);
    };
    const fail = (error: unknown) => tell("error", { error }, "error");
    if (enter !== undefined) tell(enter, operation.data);
    let result: R;
    try {
      result = fn();
    } catch (error) {
      fail(error);
      throw error;
    }
    if (result instanceof Promise) result.then(() => tell(exit, operation.data), fail);
    else tell(exit, operation.data);
    return result;
  }

  #tell(event: TimelessEvent): void {
    if (!this.#isTold(event.module, event.level)) return;
    this.#listeners.tell({ ...event, timestamp: timeOfDay() });
  }

  #isTold(module: string, level: DebugLevel): boolean {
    return reaches(level, this.#levels.get(module) ?? this.#level);
  }

  #count(): void {
    this.#attached = this.#listeners.size + this.#scopes.length;
  }
}

type TimelessEvent = DebugEvent extends infer E
  ? E extends DebugEvent ? Omit<E, "timestamp"> : never
  : never;
