import { chainFrom, type Definition, type Transition, transitionsOf } from './definition.ts';

/** Where a state stands: rows go down, columns to the right. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}
export interface Layout {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly transitions: readonly Transition[];
  readonly rows: number;
  readonly columns: number;
  /** The column in which the first row begins. */
  readonly indent: number;
}

const distance = (a: Cell, b: Cell) => Math.abs(a.row - b.row) + Math.abs(a.column - b.column);

/** Of three in a column. */
const isBetween = (a: Cell, other: Cell, b: Cell) =>
  other.column === a.column && Math.min(a.row, b.row) < other.row && other.row < Math.max(a.row, b.row);

/** The longest path on from where the first row may fail to. */
const longestDetour = (
  definition: Definition,
  forward: readonly string[],
  transitions: readonly Transition[],
) =>
  transitions
    .filter(({ from, to }) => forward.includes(from) && !forward.includes(to))
    .map(({ to }) => chainFrom(definition, to).filter((state) => !forward.includes(state)))
    .reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []);

/**
 * A saga as people draw it, from its transitions alone. The first row is the path on which nothing fails. Below it goes
 * the longest path on from a failure, backwards, and begins under the last step that leads to it: so each undo comes to
 * stand under its step. Every other state takes the free place nearest to its neighbours.
 */
export const layoutOf = (definition: Definition): Layout => {
  const transitions = transitionsOf(definition);
  const forward = chainFrom(definition, definition.StartAt);
  const backward = longestDetour(definition, forward, transitions);
  const under = forward.findLastIndex((from) =>
    transitions.some((each) => each.from === from && each.to === backward[0]),
  );
  const shift = Math.max(0, backward.length - 1 - under);
  const cells = new Map<string, Cell>([
    ...forward.map((state, index): [string, Cell] => [state, { row: 0, column: shift + index }]),
    ...backward.map((state, index): [string, Cell] => [state, { row: 1, column: shift + under - index }]),
  ]);
  const columns = shift + forward.length;

  const nearestFree = (state: string): Cell => {
    const neighbours = transitions.flatMap(({ from, to }) => {
      const cell = from === state ? cells.get(to) : to === state ? cells.get(from) : undefined;
      return cell ? [cell] : [];
    });
    const taken = [...cells.values()];
    const lastRow = Math.max(...taken.map(({ row }) => row));
    let best: { cell: Cell; cost: number } | undefined;
    // What leads back to the beginning may stand before it.
    const leadsBack = transitions.some(({ from, to }) => from === state && to === definition.StartAt);
    for (let row = leadsBack ? 0 : 1; row <= lastRow + 1; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const cell = { row, column };
        if (taken.some((other) => distance(other, cell) === 0)) continue;
        const above = neighbours.filter((neighbour) => neighbour.column === column);
        // A line through somebody else would say that the order came by them.
        const through = above.filter((neighbour) => taken.some((other) => isBetween(cell, other, neighbour)));
        const straight = above.length > through.length ? 0 : 0.5;
        // Who looks at it on a phone has rows side by side: a further one has to be worth its place.
        const further = row > lastRow ? 3 : 0;
        const cost = neighbours.reduce(
          (sum, neighbour) => sum + distance(neighbour, cell),
          straight + further + 3 * through.length,
        );
        if (!best || cost < best.cost) best = { cell, cost };
      }
    }
    return best?.cell ?? { row: lastRow + 1, column: 0 };
  };
  for (const state of Object.keys(definition.States))
    if (!cells.has(state)) cells.set(state, nearestFree(state));

  return {
    cells,
    transitions,
    columns,
    indent: Math.min(...[...cells.values()].filter(({ row }) => row === 0).map(({ column }) => column)),
    rows: 1 + Math.max(...[...cells.values()].map(({ row }) => row)),
  };
};
