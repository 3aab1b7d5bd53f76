import { type Counterexample, type Exploration, type Graph, movesNamed } from './explore.ts';
import { numberSet } from './number-set.ts';
import type { Goods } from './operations.ts';
import type { Budget } from './order.ts';
import type { Rules } from './rules.ts';

export const STOCK =
  'stock: what is available and what is reserved are constant together, and never negative';
/** There is one piece, and both want it. */
const PIECES = 1;

const EFFECTS = { taken: -1, returned: 1, missing: 0 } as const;

/** An order as it was explored alone. */
export interface Party {
  readonly graph: Graph;
  readonly budget: Budget;
}

/** How an order's states look to the other. */
const viewOf = ({ graph: { firstStep, to, goods, holdsGoods } }: Party) => {
  const last = (state: number): number => firstStep[state + 1] ?? to.length;
  const first = (state: number): number => firstStep[state] as number;
  return {
    count: firstStep.length,
    first,
    last,
    to: (step: number): number => to[step] as number,
    goods: (step: number): Goods | undefined => goods[step],
    holds: (state: number): number => Number(holdsGoods[state]),
    /** Nothing that it can do next makes any difference to the other. */
    isForItself: firstStep.map(
      (begin, state) => last(state) > begin && !goods.slice(begin, last(state)).some(Boolean),
    ),
  };
};

/**
 * Two orders for the last piece: every way in which the steps of the one come in between those of the other. Where an
 * order has no step that touches the goods its steps come first: what the other does meanwhile makes no difference to
 * it, nor it to the other. Of two that are the same it makes none who is who.
 */
export const exploreTwo = (parties: readonly [Party, Party], rules: Rules): Exploration => {
  const isSame = parties[0] === parties[1];
  const one = viewOf(parties[0]);
  const other = isSame ? one : viewOf(parties[1]);
  const known = numberSet();
  /** In the order in which they were found; from which, by whose step. */
  const found: number[] = [];
  const parents: number[] = [];
  const steps: number[] = [];
  const depths: number[] = [];
  let transitions = 0;
  let counterexample: Counterexample | undefined;

  const wordOf = (a: number, b: number, available: number): number =>
    (isSame && b < a ? b * other.count + a : a * other.count + b) * (PIECES + 2) + available + 1;
  const reach = (word: number, parent: number, step: number, depth: number): boolean => {
    if (!known.add(word)) return false;
    found.push(word);
    parents.push(parent);
    steps.push(step);
    depths.push(depth);
    return true;
  };

  /** Steps of the other party are told from those of the one by their sign. */
  const traceTo = (index: number): string[] => {
    const way: number[] = [];
    for (let at = index; at > 0; at = parents[at] as number) way.unshift(steps[at] as number);
    const at = [0, 0];
    const places: number[][] = [[], []];
    const movers = way.map((step) => {
      const isOther = step < 0;
      const view = isOther ? other : one;
      // Of two that are the same the word does not tell who was who: it is whoever can have made the step.
      const number = Math.abs(step) - 1;
      const made = (who: number) =>
        number >= view.first(at[who] as number) && number < view.last(at[who] as number);
      const mover = isSame ? Number(!made(0)) : Number(isOther);
      places[mover]?.push(number - view.first(at[mover] as number));
      at[mover] = view.to(number);
      return mover;
    });
    const names = places.map((each, who) => movesNamed((parties[who] as Party).budget, rules, each));
    return movers.map((mover) => `${'AB'[mover]}: ${names[mover]?.shift()}`);
  };

  const move = (index: number, a: number, b: number, available: number, isOther: boolean): void => {
    const view = isOther ? other : one;
    const mover = isOther ? b : a;
    for (let step = view.first(mover); step < view.last(mover); step += 1) {
      const goods = view.goods(step);
      if (goods === 'taken' ? available < 1 : goods === 'missing' && available >= 1) continue;
      transitions += 1;
      const left = available + (goods ? EFFECTS[goods] : 0);
      const to = view.to(step);
      const word = isOther ? wordOf(a, to, left) : wordOf(to, b, left);
      if (!reach(word, index, isOther ? -step - 1 : step + 1, (depths[index] as number) + 1)) continue;
      const reserved = isOther ? one.holds(a) + other.holds(to) : one.holds(to) + other.holds(b);
      if (left < 0 || left + reserved !== PIECES)
        counterexample ??= {
          property: STOCK,
          problem: `${left} available and ${reserved} reserved, of ${PIECES}`,
          trace: traceTo(found.length - 1),
        };
    }
  };

  reach(wordOf(0, 0, PIECES), 0, 0, 0);
  for (let index = 0; index < found.length && !counterexample; index += 1) {
    const word = found[index] as number;
    const available = (word % (PIECES + 2)) - 1;
    const both = Math.floor(word / (PIECES + 2));
    const [a, b] = [Math.floor(both / other.count), both % other.count];
    if (one.isForItself[a]) move(index, a, b, available, false);
    else if (other.isForItself[b]) move(index, a, b, available, true);
    else
      for (const isOther of isSame && a === b ? [false] : [false, true])
        move(index, a, b, available, isOther);
  }
  return {
    states: found.length,
    transitions,
    depth: depths.at(-1) ?? 0,
    ...(counterexample && { counterexample }),
  };
};
