import type {
  DebugEvent,
  DebugEventType,
  DebugOperationData,
  DebugOperationOf,
  DebugOperationType,
} from "./events.ts";

/**
 * The events that a run of an operation emits: at its end, and at its beginning where there is a
 * type for it. A view, a search or a plugin has one type of event, which tells that it is done.
 */
export const OPERATION_EVENTS = {
  middleware: { enter: "middleware:enter", exit: "middleware:exit" },
  controller: { enter: "controller:enter", exit: "controller:exit" },
  view: { enter: undefined, exit: "view:render" },
  search: { enter: undefined, exit: "search:query" },
  plugin: { enter: undefined, exit: "plugin:event" },
} as const satisfies Record<
  DebugOperationType,
  { readonly enter: DebugEventType | undefined; readonly exit: DebugEventType }
>;

/** The types with the other end of each that is one end of an operation. */
export function withBothEnds(types: readonly DebugEventType[]): DebugEventType[] {
  const pairs: readonly (readonly (DebugEventType | undefined)[])[] = Object
    .values(OPERATION_EVENTS).map(({ enter, exit }) => [enter, exit]);
  return types.flatMap((type) =>
    pairs.find((pair) => pair.includes(type))?.filter((end) => end !== undefined) ?? [type]
  );
}

/** What an operation is, whether it is run or only told of. */
export type DescribedOperation = {
  [T in DebugOperationType]: Pick<DebugOperationOf<T>, "type" | "data">;
}[DebugOperationType];

/** The operation that an event is an end of, or that emitted it; `undefined` for other facts. */
export function operationOf(event: DebugEvent): DescribedOperation | undefined {
  switch (event.type) {
    case "middleware:enter":
    case "middleware:exit":
      return event.operation ?? { type: "middleware", data: event.data };
    case "controller:enter":
    case "controller:exit":
      return event.operation ?? { type: "controller", data: event.data };
    default:
      return event.operation;
  }
}

type OperationNames = {
  readonly [T in DebugOperationType]: (data: Readonly<DebugOperationData[T]>) => string;
};

const NAMES: OperationNames = {
  middleware: ({ name }) => `middleware.${name}`,
  controller: () => "controller",
  view: () => "view.render",
  search: () => "search.query",
  plugin: ({ name }) => `plugin.${name}`,
};

/** An operation's name in traces and timelines: few values, so no ids in it. */
export function operationName<T extends DebugOperationType>(
  { type, data }: { readonly type: T; readonly data: Readonly<DebugOperationData[T]> },
): string {
  return NAMES[type](data);
}

/** What the two ends of an operation have in common, within a request. */
export function operationKey(operation: DescribedOperation): string {
  const name = operationName(operation);
  // Two middlewares of a chain may have one name, or none.
  return operation.type === "middleware" ? `${name}#${operation.data.index}` : name;
}
