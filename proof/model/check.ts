import { type Bound, budgetOf } from './bounds.ts';
import { type Exploration, explore } from './explore.ts';
import { PROPERTIES } from './properties.ts';
import { AS_IT_IS, type Rules } from './rules.ts';
import { exploreTwo, type Party, STOCK } from './two-orders.ts';

/** What was looked for in a bound, and what there was. */
export interface Verdict extends Exploration {
  readonly bound: Bound;
  readonly properties: readonly string[];
}

/** One order, or two: each alone first, as what goes wrong with one alone goes wrong. */
export const check = (
  bound: Bound,
  rules: Rules = AS_IT_IS,
  onProgress: (states: number) => void = () => {},
): Verdict => {
  const { one, other } = bound;
  const explored = (budget: Bound['one']) => {
    const { graph, ...exploration } = explore(budgetOf(budget), rules, onProgress);
    return { ...exploration, party: { graph, budget: budgetOf(budget) } satisfies Party };
  };
  const { party, ...alone } = explored(one);
  if (!other || alone.counterexample) return { ...alone, bound, properties: PROPERTIES };
  const isSame = JSON.stringify(one) === JSON.stringify(other);
  const rival = isSame ? party : explored(other).party;
  return { ...exploreTwo([party, rival], rules), bound, properties: [STOCK] };
};
