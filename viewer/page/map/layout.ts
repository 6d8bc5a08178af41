/** Who calls whom, by name. */
export interface Call {
  readonly from: string;
  readonly to: string;
}

/** Where a service stands: the middle of its box. */
export interface Place {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** A map of services. */
export interface Layout {
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}

/** The grid that the boxes stand on. */
export const STEP_X = 350;
export const STEP_Y = 118;
const MARGIN_X = 130;
const MARGIN_Y = 62;
/** Below, for the lines that lead back. */
const ROOM_BELOW = 62;

/**
 * Places services in columns, callers left of those they call. A call back to the left is
 * overlooked in choosing the columns, so a circle of calls has an end. In a column, each stands
 * about where its callers do, so that few lines cross.
 */
export function layOut(names: readonly string[], calls: readonly Call[]): Layout {
  const rank = ranks(names, calls);
  const columns: string[][] = [];
  for (const name of names) (columns[rank.get(name) ?? 0] ??= []).push(name);
  const filled = columns.filter((column) => column !== undefined && column.length > 0);
  const tallest = Math.max(1, ...filled.map((column) => column.length));
  const height = 2 * MARGIN_Y + (tallest - 1) * STEP_Y;
  const y = new Map<string, number>();
  const isBack = ({ from, to }: Call) => (rank.get(from) ?? 0) >= (rank.get(to) ?? 0);
  // What calls back stands lowest, so that its line can go below the others.
  const leadsBack = (name: string) =>
    calls.some((call) => call.from === name && call.to !== name && isBack(call));
  for (const column of filled) {
    const sorted = column
      .map((name) => ({ name, wish: meanOf(callersOf(name, calls), y) }))
      .sort((a, b) =>
        Number(leadsBack(a.name)) - Number(leadsBack(b.name)) || a.wish - b.wish ||
        a.name.localeCompare(b.name)
      );
    const top = (height - (column.length - 1) * STEP_Y) / 2;
    for (const [i, { name }] of sorted.entries()) y.set(name, top + i * STEP_Y);
  }
  const places = filled.flatMap((column, i) =>
    column.map((name) => ({ name, x: MARGIN_X + i * STEP_X, y: y.get(name) ?? 0 }))
  );
  const width = 2 * MARGIN_X + Math.max(0, filled.length - 1) * STEP_X;
  const below = calls.some((call) => call.from !== call.to && isBack(call)) ? ROOM_BELOW : 0;
  return { places, width, height: height + below };
}

function callersOf(name: string, calls: readonly Call[]): string[] {
  return calls.filter(({ from, to }) => to === name && from !== name).map(({ from }) => from);
}

function meanOf(names: readonly string[], y: ReadonlyMap<string, number>): number {
  const known = names.map((name) => y.get(name)).filter((value) => value !== undefined);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The longest way to each service from one that nobody calls, circles cut open. */
function ranks(names: readonly string[], calls: readonly Call[]): Map<string, number> {
  const callees = new Map<string, string[]>();
  for (const { from, to } of calls) {
    if (from !== to) callees.set(from, [...callees.get(from) ?? [], to]);
  }
  const called = new Set(calls.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const starts = [...names.filter((name) => !called.has(name)), ...names];
  const rank = new Map<string, number>();
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const forward = new Map<string, string[]>();
  for (const start of starts) visit(start);
  for (const name of order.reverse()) {
    const own = rank.get(name) ?? 0;
    rank.set(name, own);
    for (const to of forward.get(name) ?? []) rank.set(to, Math.max(rank.get(to) ?? 0, own + 1));
  }
  return rank;

  function visit(start: string): void {
    if (state.has(start)) return;
    state.set(start, "open");
    const stack = [{ name: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = callees.get(top.name)?.[top.next++];
      if (to === undefined) {
        state.set(top.name, "done");
        order.push(top.name);
        stack.pop();
      } else if (state.get(to) !== "open") {
        forward.set(top.name, [...forward.get(top.name) ?? [], to]);
        if (!state.has(to)) {
          state.set(to, "open");
          stack.push({ name: to, next: 0 });
        }
      }
    }
  }
}
