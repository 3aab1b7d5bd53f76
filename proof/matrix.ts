import { families } from './families.ts';
import type { Plan } from './plan.ts';

/** Every plan there is: enumerated, not sampled. */
export const matrix = (): Plan[] => [...families().values()].flat();

/** How many plans of each family the bounded part has, at least one of each. */
const SHARE = 24;

/** A part of every family, the same ones always, evenly spread over it. */
export const bounded = (): Plan[] =>
  [...families().values()].flatMap((plans) => {
    const count = Math.min(SHARE, plans.length);
    return Array.from(
      { length: count },
      (_, index) => plans[Math.floor((index * plans.length) / count)],
    ).filter((plan) => plan !== undefined);
  });
