import { keyOf } from './key.ts';
import { movesOf } from './moves.ts';
import type { Goods } from './operations.ts';
import { type Budget, type Order, orderAtFirst } from './order.ts';
import { brokenIn } from './properties.ts';
import type { Rules } from './rules.ts';

export interface Counterexample {
  readonly property: string;
  readonly problem: string;
  /** The steps that lead there. */
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** The most steps that a state is away from the first one. */
  readonly depth: number;
  readonly counterexample?: Counterexample;
}

/** An order's states by number, the first is 0, as far as other orders are concerned. */
export interface Graph {
  /** Where the steps of a state begin among all steps; those of the next state follow. */
  readonly firstStep: readonly number[];
  readonly to: readonly number[];
  readonly goods: readonly (Goods | undefined)[];
  readonly holdsGoods: readonly boolean[];
}

/** The names of the moves that lead from state to state, by their places among the moves of each. */
export const movesNamed = (budget: Budget, rules: Rules, places: readonly number[]): string[] => {
  const { moves } = movesOf(rules);
  let order = orderAtFirst(budget);
  return places.map((place) => {
    const move = moves(order)[place];
    if (!move) throw new Error(`there is no move ${place}`);
    order = move.next;
    return move.name;
  });
};

/**
 * Every state that one order can come to, whatever becomes of the goods: breadth first, so a counterexample is a
 * shortest one. What holds here holds of any number of orders, as they share nothing but the goods.
 */
export const explore = (
  budget: Budget,
  rules: Rules,
  onProgress: (states: number) => void = () => {},
): Exploration & { readonly graph: Graph } => {
  const { moves, isAtRest } = movesOf(rules);
  const numbers = new Map<string, number>();
  /** By which move of which state each was reached first. */
  const parents: number[] = [];
  const places: number[] = [];
  const firstStep: number[] = [];
  const to: number[] = [];
  const goods: (Goods | undefined)[] = [];
  const holdsGoods: boolean[] = [];
  let depth = 0;

  const found = (counterexample?: Counterexample) => ({
    states: numbers.size,
    transitions: to.length,
    depth,
    ...(counterexample && { counterexample }),
    graph: { firstStep, to, goods, holdsGoods },
  });
  const traceTo = (state: number): string[] => {
    const path: number[] = [];
    for (let at = state; at > 0; at = parents[at] as number) path.unshift(places[at] as number);
    return movesNamed(budget, rules, path);
  };

  let frontier: Order[] = [];
  /** @returns its number, where it is new */
  const reach = (order: Order, parent: number, place: number): number | undefined => {
    const key = keyOf(order);
    const known = numbers.get(key);
    to.push(known ?? numbers.size);
    if (known !== undefined) return undefined;
    const number = numbers.size;
    numbers.set(key, number);
    parents.push(parent);
    places.push(place);
    holdsGoods.push(order.reservation === 'RESERVED');
    frontier.push(order);
    if (numbers.size % 100_000 === 0) onProgress(numbers.size);
    return number;
  };

  reach(orderAtFirst(budget), 0, 0);
  to.pop();
  for (; frontier.length > 0; depth += 1) {
    const [now, from] = [frontier, firstStep.length];
    frontier = [];
    for (const [index, order] of now.entries()) {
      firstStep.push(to.length);
      for (const [place, move] of moves(order).entries()) {
        goods.push(move.goods);
        const number = reach(move.next, from + index, place);
        if (number === undefined) continue;
        const broken = brokenIn(order, move.next, isAtRest);
        if (broken) return found({ ...broken, trace: traceTo(number) });
      }
    }
  }
  depth -= 1;
  return found();
};
